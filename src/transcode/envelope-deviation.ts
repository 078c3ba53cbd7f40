import type { Envelope } from "../audio/envelope.ts";

/** Loudness is compared in windows of 100 ms. */
const WINDOW_FRAMES = 10;

export const WINDOWS_PER_SECOND = 10;

/** A window of the output is held against the source up to 20 ms earlier and later: codecs smear, and Opus may be late. */
const SLACK_FRAMES = 2;

/** Added to every power, so that nothing is made of the noise that codecs leave in silence: -65 dBFS. */
const FLOOR_POWER = 10 ** -6.5;

/** How much of one channel codecs may let be heard in another, as they code together what the two share: -20 dB. */
const LEAK = 10 ** -2;

/** Loud enough to measure a level by: -50 dBFS. */
const LOUD_POWER = 10 ** -5;

/** How one channel of an output differs from one of its source. */
export interface Deviation {
  /** For each window by how many decibels it is louder (or, below 0, quieter) than all the source has near that moment. */
  readonly excessDb: readonly number[];
  /** The plain difference in those windows that are loud throughout, where time does not matter. */
  readonly levelDb: readonly number[];
  /** Whether nothing is heard in the output although the source is loud somewhere. */
  readonly isSilent: boolean;
}

/** Holds a channel of an output against a channel of its source. Windows that either does not fill are left out. */
export function toDeviation(source: Envelope, output: Envelope, [from, to]: readonly [number, number]): Deviation {
  const wanted = source.channels[from] ?? [];
  const found = output.channels[to] ?? [];
  const others = source.channels.filter((_, channel) => channel !== from);
  const excessDb: number[] = [];
  const levelDb: number[] = [];
  let loudest = { wanted: 0, found: 0 };
  const end = Math.min(wanted.length, found.length);
  for (let start = 0; start + WINDOW_FRAMES <= end; start += WINDOW_FRAMES) {
    const floor = Math.max(FLOOR_POWER, ...others.map((other) => LEAK * toRange(other, start).most));
    const { least, most } = toRange(wanted, start);
    const power = toPower(found, start);
    excessDb.push(Math.max(0, toDb(power, most, floor)) + Math.min(0, toDb(power, least, floor)));
    if (least > LOUD_POWER && least > floor) levelDb.push(toDb(power, toPower(wanted, start), floor));
    loudest = { wanted: Math.max(loudest.wanted, most), found: Math.max(loudest.found, power) };
  }
  return { excessDb, levelDb, isSilent: loudest.wanted > LOUD_POWER && loudest.found < FLOOR_POWER };
}

function toDb(power: number, reference: number, floor: number): number {
  return 10 * Math.log10((power + floor) / (reference + floor));
}

/** Gives the least and the greatest power of the windows that start near a frame. */
function toRange(frames: readonly number[], start: number): { least: number; most: number } {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let near = start - SLACK_FRAMES; near <= start + SLACK_FRAMES; near++) {
    if (near < 0 || near + WINDOW_FRAMES > frames.length) continue;
    const power = toPower(frames, near);
    least = Math.min(least, power);
    most = Math.max(most, power);
  }
  return { least, most };
}

function toPower(frames: readonly number[], start: number): number {
  let sum = 0;
  for (let at = start; at < start + WINDOW_FRAMES; at++) sum += frames[at] ?? 0;
  return sum / WINDOW_FRAMES;
}
