import { type Load, measurePeakBytes } from "./peak-memory.ts";

/*
 * Measures how the memory of a fetch grows with the number and with the size of recordings:
 * `npm run memory`, or `npm run memory -- --short`.
 */

const MIB = 2 ** 20;
/** The aim: a tenfold number of recordings takes so much more at most. The short form only guards what is reached. */
const FULL = { fewer: 2000, more: 20_000, mostGrowth: 1.15, largeBytes: 2000 * MIB };
const SHORT = { fewer: 400, more: 4000, mostGrowth: 1.35, largeBytes: 200 * MIB };
const TINY_BYTES = 1024;
/** What a large recording may take above a small one. */
const MOST_EXTRA_BYTES = 32 * MIB;

async function measure(load: Load): Promise<number> {
  const startedAtMs = performance.now();
  const peakBytes = await measurePeakBytes(load);
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  const size = `${load.recordings} of ${load.sizeBytes.toLocaleString("en")} bytes`;
  print(`${size}: ${toMiB(peakBytes)} at most, ${seconds} s`);
  return peakBytes;
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
