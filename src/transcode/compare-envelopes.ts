import { ENVELOPE_RATE_HZ, type Envelope } from "../audio/envelope.ts";
import { inSeconds } from "../audio/wording.ts";
import { type Deviation, toDeviation, WINDOWS_PER_SECOND } from "./envelope-deviation.ts";
import { findShiftSeconds } from "./envelope-shift.ts";

/** How far a codec may go from what it was given; `docs/deep-check.md` has what was measured. */
export interface EnvelopeTolerance {
  /** The mean deviation of any one second. */
  readonly secondDb: number;
  /** The level of the whole. */
  readonly levelDb: number;
}

/** The start of an Opus file counts up to 7 ms too many, and resampling rounds. */
const LENGTH_TOLERANCE_SECONDS = 0.02;

/** Less than this is the smearing of a codec, or the 4 ms by which old builds of ffmpeg write Opus late. */
const SHIFT_TOLERANCE_SECONDS = 0.05;

/** A level is told from half a second of loud sound, not from less. */
const MIN_LEVEL_WINDOWS = WINDOWS_PER_SECOND / 2;

/**
 * Holds the loudness of an output against that of its source: length, time, and second by second each channel. Both have
 * the same number of channels.
 *
 * @returns what is wrong, one phrase each; nothing when the output sounds like its source.
 */
export function compareEnvelopes(source: Envelope, output: Envelope, tolerance: EnvelopeTolerance): readonly string[] {
  const problems = source.channels.flatMap((_, channel) => {
    return describe(toDeviation(source, output, [channel, channel]), tolerance, toSubject(source, channel));
  });
  const cause = problems.length === 0 ? undefined : findCause(source, output, tolerance);
  return [...checkLength(source, output), ...(cause === undefined ? problems : [cause])];
}

/** Finds what explains all deviations at once, if anything does. */
function findCause(source: Envelope, output: Envelope, tolerance: EnvelopeTolerance): string | undefined {
  if (areSwapped(source, output, tolerance)) return "the channels are swapped";
  const shiftSeconds = findShiftSeconds(source, output);
  if (Math.abs(shiftSeconds) <= SHIFT_TOLERANCE_SECONDS) return undefined;
  return `the sound is ${Math.abs(shiftSeconds).toFixed(2)} seconds ${shiftSeconds > 0 ? "late" : "early"}`;
}

function checkLength(source: Envelope, output: Envelope): readonly string[] {
  const wanted = source.samples / ENVELOPE_RATE_HZ;
  const found = output.samples / ENVELOPE_RATE_HZ;
  if (Math.abs(found - wanted) <= LENGTH_TOLERANCE_SECONDS) return [];
  return [`${found.toFixed(2)} seconds can be decoded instead of ${wanted.toFixed(2)}`];
}

function toSubject({ channels }: Envelope, channel: number): string {
  return channels.length === 1 ? "the output" : `channel ${channel + 1}`;
}

function areSwapped(source: Envelope, output: Envelope, tolerance: EnvelopeTolerance): boolean {
  if (source.channels.length !== 2) return false;
  const crossed = [toDeviation(source, output, [0, 1]), toDeviation(source, output, [1, 0])];
  return crossed.every((deviation) => describe(deviation, tolerance, "").length === 0);
}

function describe(deviation: Deviation, { secondDb, levelDb }: EnvelopeTolerance, subject: string): readonly string[] {
  if (deviation.isSilent) return [`${subject} is silent`];
  const problems: string[] = [];
  const level = toMedian(deviation.levelDb);
  if (deviation.levelDb.length >= MIN_LEVEL_WINDOWS && Math.abs(level) > levelDb) {
    problems.push(`${subject} is ${Math.abs(level).toFixed(1)} dB ${level > 0 ? "louder" : "quieter"} than the source`);
  }
  const worst = findWorstSecond(deviation.excessDb);
  if (worst.meanDb > secondDb) {
    const at = inSeconds(worst.atSeconds);
    problems.push(`${subject} differs from the source by ${worst.meanDb.toFixed(1)} dB in the second after ${at}`);
  }
  return problems;
}

function toMedian(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

/** Finds the second, or the shorter whole, whose windows deviate most on average. */
function findWorstSecond(excessDb: readonly number[]): { readonly meanDb: number; readonly atSeconds: number } {
  const length = Math.min(WINDOWS_PER_SECOND, excessDb.length);
  let worst = { meanDb: 0, atSeconds: 0 };
  let sum = 0;
  for (const [at, excess] of excessDb.entries()) {
    sum += Math.abs(excess) - Math.abs(excessDb[at - length] ?? 0);
    const meanDb = sum / length;
    if (at + 1 < length || meanDb <= worst.meanDb) continue;
    worst = { meanDb, atSeconds: (at + 1 - length) / WINDOWS_PER_SECOND };
  }
  return worst;
}
