import { createHash } from "node:crypto";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { Archive } from "../../src/archive/archive.ts";
import type { Sidecar } from "../../src/archive/schema.ts";
import { forEachBounded } from "../../src/async/for-each-bounded.ts";
import { openArchive } from "../../src/compose.ts";
import { toIsoInstant } from "../../src/core/clock.ts";
import { parseSha256 } from "../../src/core/digest.ts";
import { parseRecordingId } from "../../src/core/recording-id.ts";
import { makeSidecar, readFixture } from "../helpers/store-recording.ts";
import { TEST_CUSTODIAN } from "../helpers/test-custodian.ts";

/** How long each recording takes: a fixture of six seconds, again and again. */
const TIMES = 5;
/** Of the fixture's tag, and of the frame that tells of the others. */
const FIXTURE_HEAD_BYTES = 308;
const FIRST_CREATED_MS = Date.UTC(2026, 0, 1, 9);
const CREATED_EVERY_MS = 3 * 60_000;
const STORED_AT_ONCE = 256;

/** Makes an archive of so many calls of half a minute, two legs each, of which no two have the same bytes. */
export async function makeCallArchive(folder: string, recordings: number): Promise<void> {
  const clock = { now: () => Date.now() };
  const archive = await openArchive(join(folder, "archive"), { clock, create: true, custodian: TEST_CUSTODIAN });
  try {
    const frames = (await readFixture("mp3-64k-16000.mp3")).subarray(FIXTURE_HEAD_BYTES);
    const model = await makeSidecar("model", toRecording("rec_00000000", frames));
    const indices = Array.from({ length: recordings }, (_, index) => index);
    await forEachBounded(indices, (index) => store(archive, index, { frames, model }), { concurrency: STORED_AT_ONCE });
  } finally {
    await archive.close();
  }
}

async function store(
  archive: Archive,
  index: number,
  { frames, model }: { frames: Buffer; model: Sidecar },
): Promise<void> {
  const id = `rec_${String(index).padStart(8, "0")}`;
  const bytes = toRecording(id, frames);
  const staged = archive.stage(id);
  await staged.write(Readable.from([bytes]), () => undefined);
  await archive.storeOriginal(staged, toSidecar(index, id, { bytes, model }));
}

/** An ID3 tag of its own makes each differ. */
function toRecording(id: string, frames: Buffer): Buffer {
  const title = Buffer.from(`\0${id}`);
  const frame = Buffer.concat([Buffer.from(`TIT2\0\0\0${String.fromCharCode(title.length)}\0\0`), title]);
  const tag = Buffer.concat([Buffer.from(`ID3\u0003\0\0\0\0\0${String.fromCharCode(frame.length)}`), frame]);
  return Buffer.concat([tag, ...Array.from({ length: TIMES }, () => frames)]);
}

function toSidecar(index: number, id: string, { bytes, model }: { bytes: Buffer; model: Sidecar }): Sidecar {
  const createdAtMs = FIRST_CREATED_MS + index * CREATED_EVERY_MS;
  const sha256 = parseSha256(createHash("sha256").update(bytes).digest("hex"));
  return {
    ...model,
    recordingId: parseRecordingId(id),
    callId: `call_${String(index >> 1).padStart(8, "0")}`,
    vendor: {
      ...model.vendor,
      createdAt: toIsoInstant(createdAtMs),
      completedAt: toIsoInstant(createdAtMs + model.original.structure.durationSeconds * 1000),
      ...{ from: `+4930${String(index).padStart(7, "0")}`, to: "+49301234567", direction: "inbound" as const },
      sizeBytes: bytes.length,
    },
    original: { ...model.original, file: `${id}.mp3`, sha256, sizeBytes: bytes.length },
    evidence: { grade: "size-only", vendorSizeBytes: bytes.length },
  };
}
