import { forEachBounded } from "../async/for-each-bounded.ts";
import { toIsoInstant } from "../core/clock.ts";
import type { Finding } from "../core/finding.ts";
import type { LargeReport, RunEnding } from "../core/report.ts";
import { LargeRunLog, type RunOptions, type RunStore } from "../core/run-log.ts";
import type { CheckStatus, VerifyLevel } from "../core/verification.ts";
import { isStorageFull, StorageUnavailableError } from "../io/errors.ts";
import type { Decode } from "./deep/decoding.ts";
import { type Holding, type Stray, toUnreachable, type Unit } from "./holding.ts";
import type { Looker } from "./look/look.ts";
import { type Budget, LookBatches } from "./look-batches.ts";
import { MoveTracer, type Suspect } from "./move-tracer.ts";
import { type FileVerdict, inspectUnits, toOutcome, type UnitVerdict } from "./unit-inspection.ts";
import { toGround, type VerifyGrounds } from "./verify-grounds.ts";

/** What was seen of one file, and when. */
export interface VerifyResult {
  readonly path: string;
  readonly status: CheckStatus;
  /** The digest of what is there now; absent when it was not read to its end. */
  readonly sha256?: string;
  /** How closely it was looked at. */
  readonly level: VerifyLevel;
  readonly checkedAt: string;
  /** What could not be told of it, a sentence each; absent where there is nothing to say. */
  readonly remarks?: readonly string[];
}

/** What came of mending a file. */
export interface Mended {
  /** The finding, which tells it. */
  readonly finding: Finding;
  /** Whether the recorded bytes stand in their place now. */
  readonly isMended: boolean;
}

/** Puts a good copy in the place of a file that is damaged or gone. */
export type Mend = (suspect: Suspect) => Promise<Mended>;

/** Options of a verification. */
export interface VerifyOptions extends Omit<RunOptions, "concurrency"> {
  readonly level: VerifyLevel;
  readonly looker: Looker;
  /** @default unbounded */
  readonly budget?: Budget | undefined;
  /** Decodes a recording whole; needed for level `deep`. */
  readonly decode?: Decode | undefined;
  /** @default what is damaged stays as it is */
  readonly mend?: Mend | undefined;
  /** Where results and findings are gathered. @default in memory */
  readonly store?: RunStore<VerifyResult> | undefined;
}

/** How many files came out how. */
export type VerifyTally = Readonly<Record<CheckStatus, number>>;

/** The report of a verification. */
export interface VerifyReport extends LargeReport<VerifyResult> {
  readonly tally: VerifyTally;
  readonly grounds: VerifyGrounds;
  /** How many of those that were not ok have their recorded bytes again. */
  readonly mended: number;
  /** How many encrypted files were not looked into, because nobody here can open them. */
  readonly unopened: number;
}

const UNBOUNDED: Budget = { untilMs: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };

/** Batches for each reader: one that is read, one that waits. */
const BATCHES_AHEAD = 2;

/**
 * Verifies all that a record speaks of, and that nothing else stands among it. One file that cannot be read stops nothing; a
 * run that could not look at everything has findings or failures, or is partial.
 *
 * What is missing or changed is told of when all has been looked at, for it may be found elsewhere.
 */
export function runVerify(holding: Holding, options: VerifyOptions): Promise<VerifyReport> {
  return new Verification(holding, options).run();
}

class Verification {
  readonly #holding: Holding;
  readonly #options: VerifyOptions;
  readonly #log: LargeRunLog<VerifyResult>;
  readonly #batches: LookBatches;
  readonly #tracer = new MoveTracer();
  readonly #tally = { ok: 0, damaged: 0, missing: 0, unreachable: 0 };
  readonly #grounds = { digest: 0, size: 0, name: 0, itself: 0 };
  #isGone = false;
  #mended = 0;
  #unopened = 0;

  constructor(holding: Holding, options: VerifyOptions) {
    const { clock, looker, budget = UNBOUNDED, store = { results: [], findings: [] } } = options;
    this.#holding = holding;
    this.#options = options;
    this.#log = new LargeRunLog<VerifyResult>({ ...options, concurrency: looker.readers }, store);
    this.#batches = new LookBatches({ budget, now: () => clock.now(), batchBytes: looker.batchBytes });
  }

  async run(): Promise<VerifyReport> {
    this.#log.planned(this.#holding.planned.files, this.#holding.failures ?? []);
    await this.#found(this.#holding.findings);
    const ending = await this.#verify();
    return {
      ...this.#log.toReport(ending),
      tally: this.#tally,
      grounds: this.#grounds,
      mended: this.#mended,
      unopened: this.#unopened,
    };
  }

  async #verify(): Promise<RunEnding> {
    if (!(await this.#holding.isReachable())) {
      await this.#lose();
      return "stopped";
    }
    let ending = await this.#attempt(() => this.#lookAtAll());
    if (ending === "completed" && this.#options.level !== "presence") this.#tracer.traceSwaps();
    if (ending === "completed") await this.#found((await this.#holding.conclude?.()) ?? []);
    if (ending === "completed") ending = await this.#attempt(() => this.#findStrays());
    return this.#settle(ending);
  }

  async #attempt(work: () => Promise<RunEnding>): Promise<RunEnding> {
    const { signal } = this.#options;
    try {
      return await work();
    } catch (error) {
      if (signal?.aborted && error === signal.reason) return "cancelled";
      if (!isStorageFull(error)) throw error;
      this.#log.ended({ type: "failed", subject: this.#holding.location, error, result: undefined });
      return "stopped";
    }
  }

  async #lookAtAll(): Promise<RunEnding> {
    const { looker, signal } = this.#options;
    const concurrency = looker.readers * BATCHES_AHEAD;
    const batches = this.#batches.of(this.#holding.units());
    await forEachBounded(batches, (units) => this.#lookAt(units), { concurrency, signal });
    if (this.#isGone) return "stopped";
    return this.#batches.isExhausted ? "exhausted" : "completed";
  }

  async #lookAt(units: readonly Unit[]): Promise<void> {
    if (this.#isGone) return;
    const { level, clock } = this.#options;
    const verdicts = await inspectUnits(this.#holding, units, this.#options);
    if (verdicts.some(isDoubtful) && !(await this.#holding.isReachable())) return this.#lose();
    const checkedAtMs = clock.now();
    const checkedAt = toIsoInstant(checkedAtMs);
    // Told before it is noted: what was found must not be lost with a note that has no room.
    for (const { files, contradictions } of verdicts) {
      for (const file of files) this.#tell(file, checkedAt);
      this.#log.found(contradictions);
    }
    await this.#holding.note?.(verdicts.map((verdict) => toOutcome(verdict, { level, checkedAtMs })));
  }

  #tell(verdict: FileVerdict, checkedAt: string): void {
    const { expected, status, bytesRead, audioSeconds, findings, suspect, undone, limit } = verdict;
    this.#tally[status] += 1;
    if (status === "ok") this.#grounds[toGround(verdict)] += 1;
    if (limit === "digest" && undone === undefined) this.#unopened += 1;
    this.#batches.saw(bytesRead);
    const result = toResult(verdict, checkedAt);
    if (undone === undefined) this.#log.ended({ type: "done", result, bytes: bytesRead, audioSeconds });
    else this.#log.ended({ type: "failed", result, subject: expected.path, error: undone });
    this.#log.found(findings);
    if (suspect !== undefined && !this.#tracer.hold(suspect)) this.#log.found([this.#toUnheld(suspect)]);
  }

  /** There are too many for all to be looked for elsewhere, and mended. */
  #toUnheld({ finding }: Suspect): Finding {
    if (this.#options.mend === undefined) return finding;
    return { ...finding, message: `${finding.message}; not mended in this run, for there are too many: run it again` };
  }

  /** The disk is gone, and with it the files: none of them is missing. */
  async #lose(): Promise<void> {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#batches.stop();
    await this.#found([toUnreachable(this.#holding)]);
  }

  /** Tells what was found beside the looks, and has it noted; where there is no room for that, the report has it. */
  async #found(findings: readonly Finding[], unit?: Unit): Promise<void> {
    this.#log.found(findings);
    await this.#attempt(async () => {
      await this.#holding.noteFindings?.(findings, unit);
      return "completed";
    });
  }

  /** Tells of everything that stands among the files and that no record speaks of. */
  async #findStrays(): Promise<RunEnding> {
    const { level, looker, signal } = this.#options;
    const strays = this.#holding.strays?.();
    if (strays === undefined) return "completed";
    const onStray = (stray: Stray) => this.#found([toUnexpected(stray, this.#holding)]);
    try {
      if (level === "presence") for await (const stray of strays) await onStray(stray);
      else await this.#tracer.traceAmong(strays, looker, { onStray, signal });
    } catch (error) {
      if (!(error instanceof StorageUnavailableError)) throw error;
      const message = `not all folders could be listed, so what does not belong there cannot be noticed: ${error.message}`;
      await this.#found([{ kind: "unreadable", subject: this.#holding.location, message, detail: {} }]);
    }
    return "completed";
  }

  /** Mends what can be, and tells of what was missing or changed. */
  async #settle(ending: RunEnding): Promise<RunEnding> {
    const { mend, signal } = this.#options;
    const isMending = mend !== undefined && ending !== "cancelled" && !this.#isGone;
    for (const suspect of this.#tracer.suspects) {
      const isLast = !isMending || signal?.aborted === true;
      const { finding, isMended } = isLast ? { ...suspect, isMended: false } : await this.#mend(suspect, mend);
      if (isMended) this.#mended += 1;
      if (finding === suspect.finding) this.#log.found([finding]);
      else await this.#found([finding], suspect.unit);
    }
    return signal?.aborted ? "cancelled" : ending;
  }

  /** One that is broken off has mended nothing, and what was found is told all the same. */
  async #mend(suspect: Suspect, mend: Mend): Promise<Mended> {
    const { signal } = this.#options;
    try {
      return await mend(suspect);
    } catch (error) {
      if (!signal?.aborted || error !== signal.reason) throw error;
      return { finding: suspect.finding, isMended: false };
    }
  }
}

function toResult({ expected, status, sha256, level, remarks }: FileVerdict, checkedAt: string): VerifyResult {
  const { path } = expected;
  // The usual case is named in full: objects that are made of others by spreading cost several times as much.
  if (sha256 !== undefined && remarks.length === 0) return { path, status, sha256, level, checkedAt };
  const read = sha256 === undefined ? {} : { sha256 };
  return { path, status, ...read, level, checkedAt, ...(remarks.length === 0 ? {} : { remarks }) };
}

/** What is gone, or cannot be read, may be so because all is. */
function isDoubtful({ files }: UnitVerdict): boolean {
  return files.some(({ status }) => status === "missing" || status === "unreachable");
}

function toUnexpected({ path, isRegular }: Stray, { noteFindings }: Holding): Finding {
  const what = isRegular ? "" : ", and it is no file of its own, such as a symbolic link";
  // What is noted is an archive's, in which a fetch or a conversion that was killed may have left this.
  const hint = noteFindings === undefined ? "" : "; if fetching or converting was killed, doing it again settles this";
  const message = `nothing that is recorded speaks of this${what}${hint}`;
  return { kind: "unexpected", subject: path, message, detail: {} };
}
