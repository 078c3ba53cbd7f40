import "../helpers/script-key.ts";
import { type Load, measurePeakBytes } from "./peak-memory.ts";

/*
 * Measures how the memory of a fetch grows with the number and with the size of recordings:
 * `npm run memory`, or `npm run memory -- --short`.
 */

const MIB = 2 ** 20;
/** A tenfold number of recordings takes so much more at most. Of the short form's smaller peaks chance is a larger part. */
const FULL = { fewer: 2000, more: 20_000, mostGrowth: 1.15, largeBytes: 2000 * MIB };
const SHORT = { fewer: 400, more: 4000, mostGrowth: 1.25, largeBytes: 200 * MIB };
const TINY_BYTES = 1024;
const ROUNDS = 3;
/** What a large recording may take above a small one. */
const MOST_EXTRA_BYTES = 32 * MIB;

/** One peak alone depends on when V8 happened to collect: the median of three is judged. */
async function measure(load: Load): Promise<number> {
  const peaks: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) peaks.push(await measurePeakBytes(load));
  const size = `${load.recordings} of ${load.sizeBytes.toLocaleString("en")} bytes`;
  print(`${size}: ${peaks.map(toMiB).join(", ")} at most`);
  return peaks.toSorted((a, b) => a - b)[(ROUNDS - 1) / 2] ?? Number.NaN;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function toMiB(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}

function judge(what: string, isGood: boolean): void {
  print(`${isGood ? "good" : "BAD"}: ${what}`);
  if (!isGood) process.exitCode = 1;
}

const { fewer, more, mostGrowth, largeBytes } = process.argv.includes("--short") ? SHORT : FULL;
const ofFewer = await measure({ recordings: fewer, sizeBytes: TINY_BYTES });
const ofMore = await measure({ recordings: more, sizeBytes: TINY_BYTES });
const growth = ofMore / ofFewer;
judge(`${more} recordings take ${growth.toFixed(3)} times the memory of ${fewer}`, growth <= mostGrowth);
const ofSmall = await measure({ recordings: 1, sizeBytes: MIB });
const ofLarge = await measure({ recordings: 1, sizeBytes: largeBytes });
const extra = ofLarge - ofSmall;
judge(`a recording of ${toMiB(largeBytes)} takes ${toMiB(extra)} more than one of 1 MiB`, extra <= MOST_EXTRA_BYTES);
