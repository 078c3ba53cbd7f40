import { type Envelope, FRAMES_PER_SECOND } from "../audio/envelope.ts";

const MAX_SHIFT_FRAMES = 2 * FRAMES_PER_SECOND;

/** Every second frame is looked at: 20 ms are fine enough for a shift. */
const STEP_FRAMES = 2;

/** Added to every power, as nobody hears a shift of what is below: -60 dBFS. */
const FLOOR_POWER = 1e-6;

/** A moment that is as loud as this has a say: -50 dBFS. */
const HEARD_DB = -50;

/** How much better the output must fit where it is shifted to: a lasting tone fits everywhere. */
const CLEAR_SHARE = 0.6;
const CLEAR_DB = 3;

/**
 * Finds by how much an output is late against its source, up to two seconds, to 20 ms.
 *
 * @returns seconds, below 0 when it is early; 0 when no shift makes it fit clearly better.
 */
export function findShiftSeconds(source: Envelope, output: Envelope): number {
  const pairs = source.channels.map((frames, channel) => ({
    wanted: toLevelsDb(frames),
    found: toLevelsDb(output.channels[channel] ?? []),
  }));
  const toCost = (shift: number) => pairs.reduce((sum, pair) => sum + toDistanceDb(pair, shift), 0);
  const unshifted = toCost(0);
  let best = { shift: 0, cost: Math.min(unshifted * CLEAR_SHARE, unshifted - CLEAR_DB) };
  for (let shift = -MAX_SHIFT_FRAMES / STEP_FRAMES; shift <= MAX_SHIFT_FRAMES / STEP_FRAMES; shift++) {
    const cost = toCost(shift);
    if (cost < best.cost) best = { shift, cost };
  }
  return (best.shift * STEP_FRAMES) / FRAMES_PER_SECOND;
}

function toLevelsDb(frames: readonly number[]): readonly number[] {
  return frames.filter((_, at) => at % STEP_FRAMES === 0).map((power) => 10 * Math.log10(power + FLOOR_POWER));
}

interface LevelPair {
  readonly wanted: readonly number[];
  readonly found: readonly number[];
}

/** Gives the mean distance over the moments in which either is heard; infinite where less than half is left to compare. */
function toDistanceDb({ wanted, found }: LevelPair, shift: number): number {
  const start = Math.max(0, -shift);
  const end = Math.min(wanted.length, found.length - shift);
  if (end - start < wanted.length / 2) return Number.POSITIVE_INFINITY;
  let sum = 0;
  let heard = 0;
  for (let at = start; at < end; at++) {
    const wantedDb = wanted[at] ?? 0;
    const foundDb = found[at + shift] ?? 0;
    if (wantedDb < HEARD_DB && foundDb < HEARD_DB) continue;
    sum += Math.abs(wantedDb - foundDb);
    heard += 1;
  }
  return heard === 0 ? 0 : sum / heard;
}
