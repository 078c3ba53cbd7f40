import { toIsoInstant } from "../core/clock.ts";
import type { StoredRecording } from "./schema.ts";

/** Writes an instant as the page does: ISO-8601 UTC in whole seconds. */
export function toVendorInstant(epochMs: number): string {
  return toIsoInstant(epochMs).replace(/\.\d{3}Z$/, "Z");
}

/**
 * Tells when a recording was created. In the page's samples that is when it was stopped (both are 10:35:10,
 * begun at 10:30:05); until then there is only its start to tell.
 */
export function toCreatedAtMs(recording: StoredRecording): number {
  return recording.end?.stoppedAtMs ?? recording.startedAtMs;
}

/**
 * Describes one recording; size, sound and end are there once it is completed.
 *
 * @see Vendor API page, "Get Recording Information"
 */
export function toRecordingReply(recording: StoredRecording): Readonly<Record<string, unknown>> {
  const { file } = recording;
  if (file === undefined) return toListItem(recording);
  return {
    ...toListItem(recording),
    file_format: recording.format,
    bitrate: recording.bitrateKbps,
    sample_rate: recording.sampleRateHz,
    channels: recording.channels,
    completed_at: toVendorInstant(file.completedAtMs),
  };
}

/**
 * Describes one recording of a list.
 *
 * @see Vendor API page, "List Recordings"
 */
export function toListItem(recording: StoredRecording): Readonly<Record<string, unknown>> {
  return {
    recording_id: recording.recordingId,
    call_id: recording.callId,
    duration: recording.end?.durationSeconds,
    file_size: recording.file?.sizeBytes,
    status: recording.status,
    created_at: toVendorInstant(toCreatedAtMs(recording)),
  };
}
