import type { CompletedRecording } from "../../../src/sandbox/schema.ts";

/** The page's sample recording as a row of the sandbox. */
export const STORED_RECORDING: CompletedRecording = {
  recordingId: "rec_00000000000abc12",
  callId: "call_xyz789",
  status: "completed",
  format: "mp3",
  participant: "all",
  bitrateKbps: 64,
  sampleRateHz: 16000,
  channels: 1,
  announce: false,
  startedAtMs: Date.parse("2024-01-15T10:30:05.400Z"),
  recordedMs: 305_000,
  end: { stoppedAtMs: Date.parse("2024-01-15T10:35:10.400Z"), durationSeconds: 305 },
  file: { completedAtMs: Date.parse("2024-01-15T10:36:00Z"), sizeBytes: 1_536_000, sha256: "ab".repeat(32) },
};
