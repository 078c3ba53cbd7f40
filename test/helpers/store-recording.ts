import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { Archive } from "../../src/archive/archive.ts";
import { SIDECAR_SCHEMA, type Sidecar } from "../../src/archive/schema.ts";
import type { LocatedSidecar } from "../../src/archive/sidecar.ts";
import { toStoredAudio } from "../../src/archive/stored-audio.ts";
import { identify } from "../../src/audio/identify.ts";
import { parseRecordingId } from "../../src/core/recording-id.ts";
import { toSafeName } from "../../src/io/safe-name.ts";

const FIXTURES = join(import.meta.dirname, "../../fixtures/audio/ok");

/** A short recording of the fixtures. */
export function readFixture(name: string): Promise<Buffer> {
  return readFile(join(FIXTURES, name));
}

/** The sidecar that fetch would write for these bytes. */
export async function makeSidecar(id: string, bytes: Uint8Array): Promise<Sidecar> {
  const identity = await identify(Readable.from([bytes]));
  return {
    schema: SIDECAR_SCHEMA,
    recordingId: parseRecordingId(id),
    callId: "call_1",
    vendor: { source: "audian", status: "completed", createdAt: "2024-01-15T10:35:10.000Z" },
    fetchedAt: "2024-01-16T00:00:00.000Z",
    original: toStoredAudio(id, identity, (format) => `${toSafeName(id)}.${format}`),
    evidence: { grade: "none" },
    derivatives: [],
  };
}

/** Stores bytes as the original of a recording, the way fetch does. */
export async function storeRecording(archive: Archive, id: string, bytes: Uint8Array): Promise<LocatedSidecar> {
  const staged = archive.stage(id);
  await staged.write(Readable.from([bytes]), () => undefined);
  return archive.storeOriginal(staged, await makeSidecar(id, bytes));
}
