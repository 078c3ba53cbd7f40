import "../helpers/script-key.ts";
import { closeSync, openSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openArchive } from "../../src/compose.ts";
import { fillCatalogue } from "../helpers/fill-catalogue.ts";
import { finish, startHoldfast } from "../helpers/run-holdfast.ts";
import { TEST_CUSTODIAN } from "../helpers/test-custodian.ts";
import { watchPeak } from "./peak-memory.ts";

/*
 * Measures what a verification of very many recordings takes in memory and time: `npm run scale`. None of their files is there:
 * every one is a finding, and nothing is more to be told of.
 */

const RECORDINGS = 1_000_000;
const MOST_PEAK_BYTES = 300e6;
/** Until the first file is looked at; a run that ends behind the first has taken no less. */
const MOST_START_MS = 3000;

/** A way to verify, and how it ends. */
interface Way {
  readonly args: readonly string[];
  readonly exitCode: number;
  readonly mostElapsedMs?: number;
}

const WAYS: readonly Way[] = [
  { args: ["--budget-bytes", "1", "--json"], exitCode: 4, mostElapsedMs: MOST_START_MS },
  { args: ["--dry-run"], exitCode: 0, mostElapsedMs: MOST_START_MS },
  { args: ["--level", "presence", "--json"], exitCode: 4 },
  { args: ["--level", "presence", "--report", "report.html"], exitCode: 4 },
];

async function measure(cwd: string, { args, exitCode, mostElapsedMs = Number.POSITIVE_INFINITY }: Way): Promise<void> {
  const nowhere = openSync("/dev/null", "w");
  const begunMs = performance.now();
  const child = startHoldfast(["verify", ...args, "--quiet"], { cwd, stdout: nowhere });
  const ended = finish(child);
  const peak = watchPeak(child.pid, ended);
  const { code, stderr } = await ended.finally(() => closeSync(nowhere));
  const elapsedMs = performance.now() - begunMs;
  const peakBytes = await peak;
  const isGood = code === exitCode && peakBytes <= MOST_PEAK_BYTES && elapsedMs <= mostElapsedMs;
  const figures = `${(elapsedMs / 1000).toFixed(1)} s, ${Math.round(peakBytes / 1e6)} MB at most, exit code ${code}`;
  process.stdout.write(`${isGood ? "good" : "BAD"}: verify ${args.join(" ")}: ${figures}\n`);
  if (isGood) return;
  process.stdout.write(stderr.slice(0, 1000));
  process.exitCode = 1;
}

const cwd = await mkdtemp(join(tmpdir(), "holdfast-scale-"));
try {
  const clock = { now: () => Date.now() };
  await (await openArchive(join(cwd, "archive"), { clock, create: true, custodian: TEST_CUSTODIAN })).close();
  fillCatalogue(join(cwd, "archive/catalogue.sqlite"), { recordings: RECORDINGS, nowMs: clock.now() });
  for (const way of WAYS) await measure(cwd, way);
} finally {
  await rm(cwd, { recursive: true });
}
