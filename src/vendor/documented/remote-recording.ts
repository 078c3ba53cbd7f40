import { tryToSha256 } from "../checksum.ts";
import { parseInstant } from "../parse-instant.ts";
import type { RemoteRecording } from "../recording-source.ts";
import type { RecordingReply } from "../schema.ts";

/** Takes a checked reply or a row of a list over into our words; neither tells who called whom. */
export function toRemoteRecording(reply: RecordingReply): RemoteRecording {
  return {
    recordingId: reply.recording_id,
    callId: reply.call_id,
    status: reply.status,
    createdAtMs: parseInstant(reply.created_at),
    completedAtMs: reply.completed_at == null ? undefined : parseInstant(reply.completed_at),
    durationSeconds: reply.duration ?? undefined,
    sizeBytes: reply.file_size ?? undefined,
    format: reply.file_format ?? undefined,
    bitrateKbps: reply.bitrate ?? undefined,
    sampleRateHz: reply.sample_rate ?? undefined,
    channels: reply.channels ?? undefined,
    sha256: tryToSha256(reply.checksum ?? undefined),
    from: undefined,
    to: undefined,
    direction: undefined,
  };
}
