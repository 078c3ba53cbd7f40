import type { Clock } from "../core/clock.ts";
import { isHoldfastError } from "../core/errors.ts";
import { type Profile, type ProfileChoice, toProfile } from "../core/profile.ts";
import { canTransition, type RecordingState } from "../core/recording.ts";
import { ApiError } from "./api-error.ts";
import { toStartedEvent, toStoppedEvent } from "./recording-event.ts";
import type { RecordingProcessor } from "./recording-processor.ts";
import type { SandboxStore } from "./sandbox-store.ts";
import type { EndedRecording, RecordingSettings, StoredRecording } from "./schema.ts";
import type { WebhookOutbox } from "./webhook-outbox.ts";

/** What recording takes. */
export interface RecorderPorts {
  readonly store: SandboxStore;
  readonly outbox: WebhookOutbox;
  readonly processor: RecordingProcessor;
  readonly clock: Clock;
  /** How many bytes of recordings the account may hold before nothing more is recorded. */
  readonly quotaBytes: number;
}

/** A recording lasts at least and at most this long, whatever the clock says. */
const DURATION_SECONDS = { min: 1, max: 300 } as const;

/**
 * Records calls: the part of the API that moves recordings between their states. Each call acts on the newest
 * recording of a telephone call, which has one at a time.
 *
 * @see Vendor API page, "Start Recording During Call" to "Resume Recording" and "Recording States"
 */
export class Recorder {
  readonly #ports: RecorderPorts;

  constructor(ports: RecorderPorts) {
    this.#ports = ports;
  }

  /**
   * Begins a recording of a call.
   *
   * @throws {ApiError} the call is being recorded, the quota is used up or the format is not offered.
   */
  async start(callId: string, settings: RecordingSettings): Promise<StoredRecording> {
    const { store, outbox, clock } = this.#ports;
    this.#assertStartable(callId);
    const nowMs = clock.now();
    const initiated = toInitiated({ recordingId: store.newId("rec"), callId, settings, nowMs });
    const recording = { ...move(initiated, "recording"), runningSinceMs: nowMs };
    await store.putRecording(recording);
    await outbox.publish(toStartedEvent(recording));
    return recording;
  }

  /** @throws {ApiError} nothing of the call was recorded, or the recording is not under way. */
  async pause(callId: string): Promise<StoredRecording> {
    const { runningSinceMs, ...paused } = move(this.#newest(callId), "paused");
    const recording = { ...paused, recordedMs: paused.recordedMs + this.#since(runningSinceMs) };
    await this.#ports.store.putRecording(recording);
    return recording;
  }

  /** @throws {ApiError} nothing of the call was recorded, or the recording is not paused. */
  async resume(callId: string): Promise<StoredRecording> {
    const recording = { ...move(this.#newest(callId), "recording"), runningSinceMs: this.#ports.clock.now() };
    await this.#ports.store.putRecording(recording);
    return recording;
  }

  /**
   * Ends the recording of a call and has it processed.
   *
   * @throws {ApiError} nothing of the call was recorded, or the recording has ended before.
   */
  async stop(callId: string): Promise<EndedRecording> {
    const { store, outbox, processor, clock } = this.#ports;
    const { runningSinceMs, ...stopped } = move(this.#newest(callId), "stopped");
    const recordedMs = stopped.recordedMs + this.#since(runningSinceMs);
    const end = { stoppedAtMs: clock.now(), durationSeconds: toDurationSeconds(recordedMs) };
    const recording = { ...stopped, recordedMs, end };
    await store.putRecording(recording);
    await outbox.publish(toStoppedEvent(recording));
    processor.submit(recording);
    return recording;
  }

  #assertStartable(callId: string): void {
    const { store, quotaBytes } = this.#ports;
    const recordings = store.recordings();
    if (recordings.some((other) => other.callId === callId && other.end === undefined)) {
      throw new ApiError("invalid_state", { message: "Call is being recorded already" });
    }
    const usedBytes = recordings.reduce((sum, { file }) => sum + (file?.sizeBytes ?? 0), 0);
    if (usedBytes >= quotaBytes) throw new ApiError("quota_exceeded");
  }

  #newest(callId: string): StoredRecording {
    const recording = this.#ports.store.recordings().findLast((candidate) => candidate.callId === callId);
    if (recording === undefined) throw new ApiError("not_found");
    return recording;
  }

  #since(epochMs: number | undefined): number {
    return epochMs === undefined ? 0 : this.#ports.clock.now() - epochMs;
  }
}

function toInitiated(request: {
  recordingId: string;
  callId: string;
  settings: RecordingSettings;
  nowMs: number;
}): StoredRecording {
  const { recordingId, callId, settings, nowMs } = request;
  const { format, participant, announce, bitrate, sample_rate } = settings;
  const profile = toOfferedProfile(format, { bitrateKbps: bitrate, sampleRateHz: sample_rate });
  const { bitrateKbps, sampleRateHz, channels } = profile;
  const sound = { format, participant, announce, bitrateKbps, sampleRateHz, channels };
  return { recordingId, callId, status: "initiated", ...sound, startedAtMs: nowMs, recordedMs: 0 };
}

function toOfferedProfile(format: RecordingSettings["format"], choice: ProfileChoice): Profile {
  try {
    return toProfile(format, choice);
  } catch (error) {
    if (isHoldfastError(error)) throw new ApiError("invalid_format", { cause: error });
    throw error;
  }
}

function move(recording: StoredRecording, status: RecordingState): StoredRecording {
  if (canTransition(recording.status, status)) return { ...recording, status };
  throw new ApiError("invalid_state", { message: `Recording is ${recording.status} and cannot become ${status}` });
}

function toDurationSeconds(recordedMs: number): number {
  const seconds = Math.round(recordedMs / 1000);
  return Math.min(Math.max(seconds, DURATION_SECONDS.min), DURATION_SECONDS.max);
}
