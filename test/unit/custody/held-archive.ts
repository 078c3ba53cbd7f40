import { Readable } from "node:stream";
import type { Archive } from "../../../src/archive/archive.ts";
import type { HoldCriteria } from "../../../src/core/hold.ts";
import { parseRecordingId } from "../../../src/core/recording-id.ts";
import { planHold, runHold } from "../../../src/custody/hold-add.ts";
import { openTestArchive, TEST_CLOCK } from "../../helpers/open-test-archive.ts";
import { makeSidecar, readFixture } from "../../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

/** How the runs of these tests are made. */
export const RUN = { clock: TEST_CLOCK, concurrency: 1 } as const;

/** A recording as the vendor tells of it. */
export interface Told {
  readonly callId?: string;
  readonly createdAt?: string;
  readonly from?: string;
}

/** Opens an archive of its own, with recordings in it. */
export async function openHeldArchive(recordings: Readonly<Record<string, Told>> = {}): Promise<Archive> {
  const archive = await openTestArchive(await makeTemporaryFolder());
  for (const [id, told] of Object.entries(recordings)) await store(archive, id, told);
  return archive;
}

/** Stores a recording, as a fetch does. */
export async function store(archive: Archive, id: string, { callId = "call_1", ...told }: Told): Promise<void> {
  const bytes = await readFixture("opus-16k-8000.opus");
  const sidecar = await makeSidecar(id, bytes);
  const staged = archive.stage(id);
  await staged.write(Readable.from([bytes]), () => undefined);
  await archive.storeOriginal(staged, { ...sidecar, callId, vendor: { ...sidecar.vendor, ...told } });
}

/** Names recordings and calls. */
export function named(recordings: readonly string[], callIds: readonly string[] = []): HoldCriteria {
  return { kind: "named", recordingIds: recordings.map(parseRecordingId), callIds };
}

/** Adds a hold, and gives the plan and the one result. */
export async function hold(archive: Archive, name: string, criteria: HoldCriteria, reason = "a letter came") {
  const plan = await planHold({ archive }, { case: name, criteria, reason });
  const { results, outcome } = await runHold({ archive }, plan, RUN);
  return { plan, outcome, ...results[0] };
}
