import type { Archive } from "../archive/archive.ts";
import { retry } from "../async/retry.ts";
import { runItems } from "../async/run-items.ts";
import { isHoldfastError } from "../core/errors.ts";
import type { LedgerEvent } from "../core/ledger-event.ts";
import type { RecordingId } from "../core/recording-id.ts";
import { type RunReport, toFailure, withFailure } from "../core/report.ts";
import { toRunId } from "../core/run-id.ts";
import { type Ended, RunLog, type RunOptions } from "../core/run-log.ts";
import type { CallOptions, RecordingSource } from "../vendor/recording-source.ts";
import { type Deletion, deleteAtVendor, type PurgePatience } from "./purge-deletion.ts";
import type { PurgePlan, PurgeRules } from "./purge-plan.ts";
import { isAttempt, toReceiptName, toReceiptText } from "./purge-receipt.ts";
import { type PurgeAttempt, type PurgeResult, toAttempted, toFailed, toReviewed } from "./purge-result.ts";
import { type PurgeEvidence, type ReviewPorts, reviewRecording } from "./purge-review.ts";
import { type ReceiptFiles, type Signatory, storeSignedReceipt } from "./receipt.ts";

/** What deleting at the vendor needs. */
export interface PurgePorts extends ReviewPorts {
  readonly archive: ReviewPorts["archive"] & Pick<Archive, "archiveId" | "record" | "storeReceipt">;
  readonly source: Pick<RecordingSource, "traits" | "get" | "delete">;
}

/** Options of {@link runPurge}. */
export interface PurgeOptions extends RunOptions, PurgePatience {
  readonly rules: PurgeRules;
  /** Whether anything is deleted; without it recordings are only reviewed. */
  readonly isApplied: boolean;
  /** Who signs the receipt. */
  readonly signatory: Signatory;
}

/** A run's report, and where its receipt is, if the vendor was asked for anything. */
export interface PurgeReport extends RunReport<PurgeResult> {
  readonly receipt: ReceiptFiles | undefined;
}

/** What cannot be undone is not hurried. */
const MAX_DELETIONS = 4;

/**
 * Reviews each recording of a plan and, if that is wanted, asks the vendor to delete those that are fit. The intention is in the
 * ledger before the vendor is asked, what came of it as soon as that is known, and a signed receipt of the run is in the archive
 * when it settles: a crash leaves no deletion that the archive does not tell of. What is under way when `signal` aborts is finished.
 */
export async function runPurge(ports: PurgePorts, plan: PurgePlan, options: PurgeOptions): Promise<PurgeReport> {
  const log = new RunLog<PurgeResult>(options);
  const startedAtMs = options.clock.now();
  const runId = toRunId(startedAtMs);
  log.found(plan.findings);
  const recordingIds = plan.findings.length > 0 ? [] : plan.recordingIds;
  log.planned(recordingIds.length, []);
  const task = new PurgeTask(ports, plan, { options, log, receiptName: toReceiptName(runId) });
  const ending = await runItems(
    recordingIds,
    { work: (id) => task.run(id), toFailed: (id, error) => [toFailed(id, error)] },
    { log, signal: options.signal, concurrency: Math.min(options.concurrency, MAX_DELETIONS) },
  );
  const report = log.toReport(ending);
  if (!report.results.some(isAttempt)) return { ...report, receipt: undefined };
  return storeReceipt(report, ports, { runId, startedAtMs, options });
}

interface PurgeTaskOptions {
  readonly options: PurgeOptions;
  readonly log: RunLog<PurgeResult>;
  readonly receiptName: string;
}

class PurgeTask {
  readonly #ports: PurgePorts;
  readonly #plan: PurgePlan;
  readonly #options: PurgeOptions;
  readonly #log: RunLog<PurgeResult>;
  readonly #receiptName: string;

  constructor(ports: PurgePorts, plan: PurgePlan, { options, log, receiptName }: PurgeTaskOptions) {
    this.#ports = ports;
    this.#plan = plan;
    this.#options = options;
    this.#log = log;
    this.#receiptName = receiptName;
  }

  async run(recordingId: RecordingId): Promise<readonly Ended<PurgeResult>[]> {
    const { rules, clock, signal, isApplied, pace, retry: patience } = this.#options;
    const call: CallOptions["call"] = (send) => retry(() => pace.run(send, signal), { ...patience, signal });
    const review = await reviewRecording(recordingId, this.#ports, { rules, clock, signal, call });
    if (review.kind === "refused") this.#log.found(review.findings ?? []);
    if (isApplied && review.kind === "fit") return [await this.#delete(review.evidence)];
    if (isApplied && review.kind === "already-gone") return [await this.#settle(recordingId)];
    return [toReviewed(recordingId, review)];
  }

  async #delete(evidence: PurgeEvidence): Promise<Ended<PurgeResult>> {
    const { archive, source } = this.#ports;
    const { recordingId } = evidence;
    await archive.assertFree(recordingId, "purge");
    this.#options.signal?.throwIfAborted();
    const intended = await this.#record("purge-intended", evidence, {});
    const deletion = await deleteAtVendor(recordingId, source, this.#options);
    const attempt = { origin: source.traits.origin, events: { intended }, ...toAnswer(deletion) };
    if (deletion.status === "failed") return toAttempted(evidence, { deletion, attempt });
    try {
      const purged = await this.#record("purged", evidence, { outcome: deletion.status, ...toAnswer(deletion) });
      return toAttempted(evidence, { deletion, attempt: { ...attempt, events: { intended, purged } } });
    } catch (error) {
      // It is deleted all the same: the receipt is what tells of it.
      const told = toAttempted(evidence, { deletion, attempt });
      return { type: "failed", subject: recordingId, error, result: told.result };
    }
  }

  /** An earlier run may have been ended between asking and telling. */
  async #settle(recordingId: RecordingId): Promise<Ended<PurgeResult>> {
    const gone = toReviewed(recordingId, { kind: "already-gone" });
    const intention = this.#plan.intentions.get(recordingId);
    if (intention === undefined || gone.result === undefined) return gone;
    const { seq, run, at, actor } = intention;
    const { origin } = this.#ports.source.traits;
    const detail = { via: "purge", origin, outcome: "already-gone", intended: seq, receipt: this.#receiptName };
    const event: LedgerEvent = { type: "purged", subject: recordingId, digests: intention.digests, detail };
    const [entry] = await this.#ports.archive.record([event]);
    const events = entry === undefined ? { intended: seq } : { intended: seq, purged: entry.seq };
    const attempt: PurgeAttempt = { origin, events, intendedBy: { run, at, actor } };
    return { type: "skipped", result: { ...gone.result, attempt } };
  }

  async #record(
    type: "purge-intended" | "purged",
    { recordingId, sha256, packetSha256, sizeBytes, verified, storages }: PurgeEvidence,
    told: Readonly<Record<string, unknown>>,
  ): Promise<number> {
    const { origin } = this.#ports.source.traits;
    const digests = { original: sha256, ...(packetSha256 === null ? {} : { packets: packetSha256 }) };
    const detail = { via: "purge", origin, ...told, sizeBytes, verified, storages, receipt: this.#receiptName };
    const [entry] = await this.#ports.archive.record([{ type, subject: recordingId, digests, detail }]);
    if (entry === undefined) throw new Error("internal error: an event without an entry");
    return entry.seq;
  }
}

function toAnswer(deletion: Deletion): Pick<PurgeAttempt, "answeredAt" | "deletedAt" | "because" | "standing"> {
  if (deletion.status === "failed") return { standing: deletion.standing };
  const { status: _, ...answer } = deletion;
  return answer;
}

/** Where no receipt can be written the run has failed, and its events tell of what was deleted. */
async function storeReceipt(
  report: RunReport<PurgeResult>,
  { archive, source }: PurgePorts,
  run: { readonly runId: string; readonly startedAtMs: number; readonly options: PurgeOptions },
): Promise<PurgeReport> {
  const { runId, startedAtMs, options } = run;
  const { rules, signatory, clock } = options;
  const vendor = { source: source.traits.name, origin: source.traits.origin };
  const span = { startedAtMs, finishedAtMs: clock.now() };
  const head = { runId, archiveId: archive.archiveId, vendor, rules, signatory, ...span };
  const name = toReceiptName(runId);
  try {
    const text = toReceiptText(head, report.results);
    return { ...report, receipt: await storeSignedReceipt(archive, { name, text }, signatory) };
  } catch (error) {
    if (!isHoldfastError(error)) throw error;
    return { ...withFailure(report, toFailure(name, error)), receipt: undefined };
  }
}
