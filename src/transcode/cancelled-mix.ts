import { type Envelope, FRAMES_PER_SECOND } from "../audio/envelope.ts";
import { inSeconds } from "../audio/wording.ts";

/** What is quieter in every channel of the source is not missed: -50 dBFS. */
const HEARD_POWER = 1e-5;

/** Channels that have nothing to do with each other add up to more than this share of what they would; 10 dB less. */
const CANCELLED_SHARE = 0.1;

const STEP_FRAMES = FRAMES_PER_SECOND / 10;

/**
 * Looks for a second in which the channels of a source cancel each other out when they are mixed, as when one leg was
 * recorded with its polarity turned round: all of them are heard, and the mix is not. A single channel that was taken out
 * of several passes.
 *
 * @returns a phrase, if there is one.
 */
export function findCancellation(source: Envelope, mix: Envelope): readonly string[] {
  const frames = Math.min(...[...source.channels, ...mix.channels].map((channel) => channel.length));
  const length = Math.min(frames, FRAMES_PER_SECOND);
  for (let start = 0; length > 0 && start + length <= frames; start += STEP_FRAMES) {
    const toPower = (channel: readonly number[]) => toMean(channel, start, length);
    const quietest = Math.min(...source.channels.map(toPower));
    const unrelated = quietest / source.channels.length;
    if (quietest < HEARD_POWER || Math.max(...mix.channels.map(toPower)) > unrelated * CANCELLED_SHARE) continue;
    return [
      `the channels of the source cancel each other out in the second after ${inSeconds(start / FRAMES_PER_SECOND)}`,
    ];
  }
  return [];
}

function toMean(frames: readonly number[], start: number, length: number): number {
  let sum = 0;
  for (let at = start; at < start + length; at++) sum += frames[at] ?? 0;
  return sum / length;
}
