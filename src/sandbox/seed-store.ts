import { forEachBounded } from "../async/for-each-bounded.ts";
import { makeRecording, type Studio } from "./make-recording.ts";
import { planSeed, type SeedRequest } from "./plan-seed.ts";
import { ENCODERS } from "./recording-processor.ts";
import { SandboxStore } from "./sandbox-store.ts";
import type { CompletedRecording } from "./schema.ts";

/**
 * Makes the store of a first start, with the audio of every seeded recording. The rows are written last: a start
 * that was cut short leaves no state and begins again.
 *
 * @throws {FfmpegFailedError} a recording could not be encoded.
 */
export async function seedStore(studio: Studio, request: SeedRequest): Promise<SandboxStore> {
  const store = SandboxStore.create(studio.folder, request);
  const plan = planSeed(store, request);
  const completed = new Map<string, CompletedRecording>();
  await forEachBounded(
    plan.recordings,
    async ({ recording, completedAtMs }) => {
      const file = { ...(await makeRecording(studio, recording)), completedAtMs };
      completed.set(recording.recordingId, { ...recording, status: "completed", file });
    },
    { concurrency: ENCODERS, signal: studio.signal },
  );
  const rows = plan.recordings.flatMap(({ recording }) => completed.get(recording.recordingId) ?? []);
  await store.putSeeded(plan.calls, rows);
  return store;
}
