import { AUDIO_FORMATS, type AudioFormat } from "../core/audio-format.ts";
import { toProfile } from "../core/profile.ts";
import type { LengthRange, SandboxSeed, SandboxStore } from "./sandbox-store.ts";
import type { EndedRecording, StoredCall, StoredRecording } from "./schema.ts";
import { SeededRandom } from "./seeded-random.ts";

/** A recording whose audio is still to be made, and when it is to have been completed. */
interface PlannedRecording {
  readonly recording: EndedRecording;
  readonly completedAtMs: number;
}

/** The past of a sandbox: calls that have ended, each with one recording. */
export interface SeedPlan {
  readonly calls: readonly StoredCall[];
  readonly recordings: readonly PlannedRecording[];
}

/** What {@link planSeed} goes by. */
export interface SeedRequest extends SandboxSeed {
  /** The end of the past that is made up. */
  readonly nowMs: number;
}

const LENGTH_SECONDS = { min: 10, max: 300 } as const;
/** Bends the scale towards short calls: 24 of them last about half an hour together. */
const LENGTH_SKEW = 1.4;
const PAST_DAYS = 20;
const DAY_SECONDS = 86_400;
/** The page's sample is completed 50 s after it was stopped. */
const PROCESSING_SECONDS = { min: 2, max: 50 } as const;

/** The bitrate that is sometimes chosen instead of the documented default. */
const LOWER_KBPS: Readonly<Record<AudioFormat, number | undefined>> = { mp3: 32, wav: undefined, opus: 24 };
const SAMPLE_RATES_HZ: Readonly<Record<AudioFormat, readonly number[]>> = {
  mp3: [16000, 16000, 8000],
  wav: [16000, 16000, 8000],
  opus: [16000, 48000],
};

/**
 * Makes up the calls of the last days: lengths from 10 s (always one) to 300 s (always one, when there are
 * two or more) unless others are asked for, the formats in equal shares, mono and, where both parties are recorded,
 * stereo.
 */
export function planSeed(ids: Pick<SandboxStore, "newId">, request: SeedRequest): SeedPlan {
  const { seed, seedCalls, nowMs, formats = AUDIO_FORMATS, lengthSeconds = LENGTH_SECONDS } = request;
  const random = new SeededRandom(`${seed}/plan`);
  const calls: StoredCall[] = [];
  const recordings: PlannedRecording[] = [];
  for (const [index, durationSeconds] of random.shuffle(toLengths(seedCalls, lengthSeconds)).entries()) {
    const startedAtMs = toPastSecond(nowMs, { age: (seedCalls - index - random.next()) / seedCalls, durationSeconds });
    const call = toCall(ids.newId("call"), { startedAtMs, random, index });
    calls.push(call);
    const recording = {
      recordingId: ids.newId("rec"),
      callId: call.callId,
      status: "stopped" as const,
      ...toSound(formats[index % formats.length] ?? "mp3", random),
      startedAtMs,
      recordedMs: durationSeconds * 1000,
      end: { stoppedAtMs: startedAtMs + durationSeconds * 1000, durationSeconds },
    };
    recordings.push({ recording, completedAtMs: recording.end.stoppedAtMs + toProcessingMs(random) });
  }
  return { calls, recordings };
}

function toLengths(count: number, { min, max }: LengthRange): readonly number[] {
  return Array.from({ length: count }, (_, index) => {
    const share = count === 1 ? 0 : index / (count - 1);
    return Math.round(min * (max / min) ** (share ** LENGTH_SKEW));
  });
}

/** Returns when a call began, in whole seconds as the vendor writes them; with age 0 it was processed just now. */
function toPastSecond(nowMs: number, { age, durationSeconds }: { age: number; durationSeconds: number }): number {
  const secondsAgo = age * PAST_DAYS * DAY_SECONDS + durationSeconds + PROCESSING_SECONDS.max;
  return Math.floor(nowMs / 1000 - secondsAgo) * 1000;
}

function toProcessingMs(random: SeededRandom): number {
  return random.between(PROCESSING_SECONDS.min, PROCESSING_SECONDS.max) * 1000;
}

function toCall(
  callId: string,
  { startedAtMs, random, index }: { startedAtMs: number; random: SeededRandom; index: number },
): StoredCall {
  const numbers = { from: toPhoneNumber(random), to: toPhoneNumber(random) };
  return { callId, ...numbers, direction: index % 3 === 1 ? "outbound" : "inbound", createdAtMs: startedAtMs };
}

/** Returns a number of the range that is kept for fiction (NANP 555-0100 to 555-0199). */
function toPhoneNumber(random: SeededRandom): string {
  return `+1${random.between(200, 989)}55501${random.between(0, 99).toString().padStart(2, "0")}`;
}

type Sound = Pick<StoredRecording, "format" | "participant" | "announce" | "bitrateKbps" | "sampleRateHz" | "channels">;

function toSound(format: AudioFormat, random: SeededRandom): Sound {
  const participant = random.chance(0.8) ? "all" : random.pick(["caller", "callee"] as const);
  const channels = participant === "all" && random.chance(0.4) ? 2 : 1;
  const sampleRateHz = random.pick(SAMPLE_RATES_HZ[format]);
  const lowerKbps = random.chance(0.3) ? LOWER_KBPS[format] : undefined;
  const { bitrateKbps } = toProfile(format, { bitrateKbps: lowerKbps, sampleRateHz, channels });
  return {
    format,
    participant,
    announce: random.chance(0.4),
    bitrateKbps,
    sampleRateHz,
    channels,
  };
}
