import type { GeneratedRecording } from "./generated-recordings.ts";

/** Gives one recording as the API tells of it. See the vendor's API page, "Get Recording Information". */
export function toRecordingReply(recording: GeneratedRecording): Record<string, unknown> {
  return {
    ...toRow(recording),
    file_format: "wav",
    bitrate: 256,
    sample_rate: 16000,
    channels: 1,
    completed_at: recording.createdAt,
  };
}

/** Gives a page of the list, the newest first. See the vendor's API page, "List Recordings". */
export function toPageReply(recordings: readonly GeneratedRecording[], query: URLSearchParams) {
  const [limit, offset] = [Number(query.get("limit") ?? 50), Number(query.get("offset") ?? 0)];
  const total = recordings.length;
  const data = recordings
    .toReversed()
    .slice(offset, offset + limit)
    .map(toRow);
  return { data, pagination: { total, limit, offset, has_more: offset + limit < total } };
}

function toRow({ recordingId, callId, durationSeconds, sizeBytes, createdAt }: GeneratedRecording) {
  return {
    recording_id: recordingId,
    call_id: callId,
    duration: durationSeconds,
    file_size: sizeBytes,
    status: "completed",
    created_at: createdAt,
  };
}
