import type { CompletedRecording, StoredRecording } from "./schema.ts";

/** Tells whether a recording is there and has its bytes. */
export function isCompleted(recording: StoredRecording | undefined): recording is CompletedRecording {
  return recording?.file !== undefined;
}
