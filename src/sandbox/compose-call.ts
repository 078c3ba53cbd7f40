import type { Participant } from "../core/recording.ts";
import { type Dialogue, type Party, SPEECH_RATE_HZ } from "./dialogue.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** What a recording is to hold. */
export interface CallScript {
  readonly durationSeconds: number;
  readonly participant: Participant;
  /** With two channels the caller is left and the callee right; only `all` is recorded so. */
  readonly channels: 1 | 2;
  /** Whether a tone tells both parties that they are recorded. */
  readonly announce: boolean;
}

type Legs = Readonly<Record<Party, Int16Array>>;

/** The notification tone: 1 kHz for half a second, a quarter of a second into the call, at about -12 dBFS. */
const TONE = { frequencyHz: 1000, startSeconds: 0.25, durationSeconds: 0.5, amplitude: 8000 } as const;
/** Line noise at about -66 dBFS: silence in a call is never digital silence. */
const NOISE_AMPLITUDE = 16;
const PAUSE_MS = { min: 150, max: 900 } as const;
const SPEECH_STARTS_AT_SECONDS = 1;

/**
 * Composes a call from the dialogues: their turns in order, one dialogue after another as `random` shuffles
 * them, with pauses between, line noise under everything and, if wanted, the notification tone at its start.
 *
 * @returns samples at 16 kHz, interleaved when there are two channels; exactly as long as the script says.
 */
export function composeCall(dialogues: readonly Dialogue[], script: CallScript, random: SeededRandom): Int16Array {
  const length = script.durationSeconds * SPEECH_RATE_HZ;
  const legs = { caller: toNoise(length, random), callee: toNoise(length, random) };
  placeTurns(legs, dialogues, random);
  if (script.announce) {
    addTone(legs.caller);
    addTone(legs.callee);
  }
  if (script.channels === 2) return interleave(legs);
  return script.participant === "all" ? mix(legs) : legs[script.participant];
}

function toNoise(length: number, random: SeededRandom): Int16Array {
  const samples = new Int16Array(length);
  for (let index = 0; index < length; index++) samples[index] = (random.next() * 2 - 1) * NOISE_AMPLITUDE;
  return samples;
}

function placeTurns(legs: Legs, dialogues: readonly Dialogue[], random: SeededRandom): void {
  const length = legs.caller.length;
  let position = SPEECH_STARTS_AT_SECONDS * SPEECH_RATE_HZ;
  while (position < length) {
    for (const turn of random.shuffle(dialogues).flat()) {
      add(legs[turn.party], position, turn.samples);
      position += turn.samples.length + (random.between(PAUSE_MS.min, PAUSE_MS.max) * SPEECH_RATE_HZ) / 1000;
    }
  }
}

/** Adds samples to a leg from `position` on; what goes past its end is cut, as when a recording is stopped. */
function add(leg: Int16Array, position: number, samples: Int16Array): void {
  const count = Math.min(samples.length, leg.length - position);
  for (let index = 0; index < count; index++) {
    leg[position + index] = (leg[position + index] ?? 0) + (samples[index] ?? 0);
  }
}

function addTone(leg: Int16Array): void {
  const step = (2 * Math.PI * TONE.frequencyHz) / SPEECH_RATE_HZ;
  const tone = Int16Array.from(
    { length: TONE.durationSeconds * SPEECH_RATE_HZ },
    (_, index) => TONE.amplitude * Math.sin(index * step),
  );
  add(leg, TONE.startSeconds * SPEECH_RATE_HZ, tone);
}

function interleave({ caller, callee }: Legs): Int16Array {
  const samples = new Int16Array(caller.length * 2);
  for (let frame = 0; frame < caller.length; frame++) {
    samples[frame * 2] = caller[frame] ?? 0;
    samples[frame * 2 + 1] = callee[frame] ?? 0;
  }
  return samples;
}

/** Adds both legs; turns never overlap, so only noise and the tone meet and nothing clips. */
function mix({ caller, callee }: Legs): Int16Array {
  return caller.map((sample, index) => sample + (callee[index] ?? 0));
}
