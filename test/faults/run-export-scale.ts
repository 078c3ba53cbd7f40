import "../helpers/script-key.ts";
import { execFile } from "node:child_process";
import { cp, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { finish, startHoldfast } from "../helpers/run-holdfast.ts";
import { makeCallArchive } from "./make-call-archive.ts";
import { watchPeak } from "./peak-memory.ts";

/*
 * Measures what exporting many recordings takes in memory and time: `npm run export-scale`. The time is held against that of
 * copying and hashing the same files, in turn; the cache is warm for both.
 */

const FEWER = 1000;
const MORE = 10_000;
/** A tenfold number of recordings takes so much more at most. */
const MOST_GROWTH = 1.2;
/** What the speed is to be at least, with that of copying and hashing as 1. */
const LEAST_SPEED = 0.7;
const ROUNDS = 3;

/** `cp` and `sha256sum`, each of which is one process. */
const COPY_AND_HASH =
  "cp -r archive/recordings peer && find peer -name '*.mp3' -print0 | xargs -0 -n 1000000 sha256sum > /dev/null";

const run = promisify(execFile);

/** What one export took. */
interface Export {
  readonly elapsedMs: number;
  readonly peakBytes: number;
}

/** An archive in a folder, and what was made beside it. */
class Scene {
  readonly #cwd: string;
  #aside = 0;

  private constructor(cwd: string) {
    this.#cwd = cwd;
  }

  static async make(cwd: string, recordings: number): Promise<Scene> {
    await makeCallArchive(cwd, recordings);
    await cp(join(cwd, "archive/ledger"), join(cwd, "ledger"), { recursive: true });
    return new Scene(cwd);
  }

  /** Exports everything, as if it were the first time: the ledger has grown by the times before. */
  async export(): Promise<Export> {
    await this.#setAside("archive/ledger");
    await cp(join(this.#cwd, "ledger"), join(this.#cwd, "archive/ledger"), { recursive: true });
    await run("sync", ["-f", this.#cwd]);
    const begunMs = performance.now();
    const args = ["export", "--case", "X", "--since", "1970-01-01T00:00:00Z", "--out", "packages", "--quiet"];
    const child = startHoldfast(args, { cwd: this.#cwd });
    const ended = finish(child);
    const peak = watchPeak(child.pid, ended);
    const { code, stderr } = await ended;
    const elapsedMs = performance.now() - begunMs;
    if (code !== 0) throw new Error(`the export ended with ${code}: ${stderr.slice(0, 1000)}`);
    await this.#setAside("packages");
    return { elapsedMs, peakBytes: await peak };
  }

  async copyAndHash(): Promise<number> {
    await run("sync", ["-f", this.#cwd]);
    const begunMs = performance.now();
    await run("sh", ["-c", COPY_AND_HASH], { cwd: this.#cwd });
    const elapsedMs = performance.now() - begunMs;
    await this.#setAside("peer");
    return elapsedMs;
  }

  /** Emptied and kept, for ext4 gives out slowly the inodes of what was removed a minute ago. */
  async #setAside(name: string): Promise<void> {
    await run("sh", ["-c", 'find "$0" -type f -print0 | xargs -0 truncate -s 0', name], { cwd: this.#cwd });
    await rename(join(this.#cwd, name), join(this.#cwd, `aside-${this.#aside}`));
    this.#aside += 1;
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function judge(what: string, isGood: boolean): void {
  print(`${isGood ? "good" : "BAD"}: ${what}`);
  if (!isGood) process.exitCode = 1;
}

function toMedian(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1] ?? Number.NaN;
}

function toMb(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

async function measure(folder: string): Promise<void> {
  const fewer = await Scene.make(join(folder, "fewer"), FEWER);
  const more = await Scene.make(join(folder, "more"), MORE);
  const [peaksOfFewer, peaksOfMore, speeds]: [number[], number[], number[]] = [[], [], []];
  await more.copyAndHash();
  for (let round = 0; round < ROUNDS; round += 1) {
    const ofFewer = await fewer.export();
    const ofMore = await more.export();
    const copyMs = await more.copyAndHash();
    peaksOfFewer.push(ofFewer.peakBytes);
    peaksOfMore.push(ofMore.peakBytes);
    speeds.push(copyMs / ofMore.elapsedMs);
    const seconds = [ofMore.elapsedMs, copyMs].map((ms) => `${(ms / 1000).toFixed(1)} s`);
    print(
      `export of ${MORE} ${seconds[0]}, ${toMb(ofMore.peakBytes)} at most (of ${FEWER} ${toMb(ofFewer.peakBytes)}); cp and sha256sum ${seconds[1]}`,
    );
  }
  const growth = toMedian(peaksOfMore) / toMedian(peaksOfFewer);
  judge(`${MORE} recordings take ${growth.toFixed(3)} times the memory of ${FEWER}`, growth <= MOST_GROWTH);
  const speed = toMedian(speeds);
  judge(`the speed is ${speed.toFixed(2)} of that of cp and sha256sum`, speed >= LEAST_SPEED);
}

const folder = await mkdtemp(join(tmpdir(), "holdfast-export-scale-"));
try {
  await measure(folder);
} finally {
  await rm(folder, { recursive: true });
}
