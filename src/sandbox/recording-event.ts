import { isCompleted } from "./is-completed.ts";
import { toVendorInstant } from "./recording-reply.ts";
import type { CompletedRecording, EndedRecording, StoredRecording } from "./schema.ts";

/** A webhook to be: when it happened and what it says. */
export interface RecordingEvent {
  readonly atMs: number;
  readonly event: "recording.started" | "recording.stopped" | "recording.completed" | "recording.failed";
  readonly data: Readonly<Record<string, unknown>>;
}

/** @see Vendor API page, "recording.started" */
export function toStartedEvent(recording: StoredRecording): RecordingEvent {
  const atMs = recording.startedAtMs;
  return { atMs, event: "recording.started", data: { ...toIds(recording), started_at: toVendorInstant(atMs) } };
}

/** @see Vendor API page, "recording.stopped" */
export function toStoppedEvent(recording: EndedRecording): RecordingEvent {
  const { stoppedAtMs, durationSeconds } = recording.end;
  const data = { ...toIds(recording), duration: durationSeconds, stopped_at: toVendorInstant(stoppedAtMs) };
  return { atMs: stoppedAtMs, event: "recording.stopped", data };
}

/**
 * @param baseUrl - The API's own, for the download URL.
 * @see Vendor API page, "recording.completed"; its sample digest has 16 digits, ours all 64
 */
export function toCompletedEvent(recording: CompletedRecording, baseUrl: string): RecordingEvent {
  const { completedAtMs, sizeBytes, sha256 } = recording.file;
  const data = {
    ...toIds(recording),
    duration: recording.end.durationSeconds,
    file_size: sizeBytes,
    file_format: recording.format,
    download_url: `${baseUrl}/recordings/${recording.recordingId}/download`,
    completed_at: toVendorInstant(completedAtMs),
    checksum: { algorithm: "sha256", value: sha256 },
  };
  return { atMs: completedAtMs, event: "recording.completed", data };
}

/** @see Vendor API page, "recording.failed" */
export function toFailedEvent(recording: StoredRecording, failure: { atMs: number; reason: string }): RecordingEvent {
  const data = { ...toIds(recording), reason: failure.reason, failed_at: toVendorInstant(failure.atMs) };
  return { atMs: failure.atMs, event: "recording.failed", data };
}

/** Returns the events of completed recordings in order of time: started, stopped and completed of each. */
export function toPastEvents(recordings: readonly StoredRecording[], baseUrl: string): readonly RecordingEvent[] {
  return recordings
    .filter(isCompleted)
    .flatMap((row) => [toStartedEvent(row), toStoppedEvent(row), toCompletedEvent(row, baseUrl)])
    .sort((one, other) => one.atMs - other.atMs);
}

function toIds({ callId, recordingId }: StoredRecording): { call_id: string; recording_id: string } {
  return { call_id: callId, recording_id: recordingId };
}
