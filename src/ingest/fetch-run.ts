import type { EvidenceGrade } from "../archive/schema.ts";
import { type LocatedSidecar, toSiblingKey } from "../archive/sidecar.ts";
import { Pace } from "../async/pace.ts";
import { isRetryable, type RetryOptions } from "../async/retry.ts";
import { runItems } from "../async/run-items.ts";
import { takeEach } from "../async/take-each.ts";
import type { AudioFormat } from "../core/audio-format.ts";
import type { Clock } from "../core/clock.ts";
import { assertNever } from "../core/errors.ts";
import type { Finding } from "../core/finding.ts";
import type { NoticeRule } from "../core/notice.ts";
import type { CallerChannel } from "../core/profile.ts";
import type { RunReport } from "../core/report.ts";
import { type Ended, RunLog, type RunOptions } from "../core/run-log.ts";
import type { WebhookSignature } from "../vendor/event-file.ts";
import { askVendor, type VendorCall } from "./ask-vendor.ts";
import { type DownloadLimits, type DownloadOptions, type DownloadSubject, DownloadTask } from "./download-task.ts";
import { NotReadyError } from "./errors.ts";
import type { FetchAction, FetchItem, FetchPlan, FetchPorts } from "./fetch-plan.ts";
import { adoptRecording } from "./fetch-recording.ts";
import type { Promises } from "./promises.ts";
import { quarantineRejected } from "./rejected-bytes.ts";
import { toStoredFindings } from "./stored-findings.ts";

/** What became of one recording. */
export interface FetchResult {
  readonly recordingId: string;
  readonly callId: string;
  readonly status: "fetched" | "already" | "failed" | "skipped";
  /** Why it was skipped. */
  readonly reason?: "not-completed" | "failed-at-vendor" | "removed";
  /** Of a failed one: whether what it failed for may pass. */
  readonly retryable?: boolean;
  readonly path?: string;
  readonly sizeBytes?: number;
  readonly sha256?: string;
  readonly evidence?: EvidenceGrade;
  /** What is known of the signature of the webhook that named a digest. */
  readonly webhookSignature?: WebhookSignature | undefined;
  readonly format?: AudioFormat;
  readonly durationSeconds?: number;
  /** Whether the recording's own structure says that all of it is there; null when the format cannot tell. */
  readonly complete?: boolean | null;
  /** Downloads begun in this run. */
  readonly attempts: number;
  /** How many bytes the last download found there, from an earlier attempt or run. */
  readonly resumedFromByte: number;
}

/** Options of a fetch. */
export interface FetchOptions extends RunOptions, PatienceOptions {
  readonly limits: DownloadLimits;
  /** On which channel of two-party recordings the caller is, to be written into their sidecars. */
  readonly callerChannel?: CallerChannel | undefined;
  /** What the operator states of recordings, to be written into their sidecars. */
  readonly notices?: readonly NoticeRule[] | undefined;
}

/** How fast and how patiently a vendor is talked to. */
export interface PatienceOptions {
  readonly pace: Pace;
  /** What fails at the vendor is tried again like this. */
  readonly retry: Omit<RetryOptions, "signal">;
  readonly signal?: AbortSignal | undefined;
}

/** Downloads of which the redirect is followed while so many bodies come; and what waits for the disk. */
const AHEAD_FACTOR = 2;
const WAITING_FOR_DISK = 64;

/** Makes the pace of a run: `concurrency` bodies at a time, and the redirects of the next ones. */
export function toPace(options: {
  readonly concurrency: number;
  readonly perSecond: number | undefined;
  readonly retry: Omit<RetryOptions, "signal">;
  readonly clock: Clock;
}): Pace {
  const { concurrency, perSecond, retry: patience, clock } = options;
  const { firstDelayMs: firstPauseMs, maxDelayMs: maxPauseMs, random } = patience;
  return new Pace({ concurrency: concurrency * AHEAD_FACTOR, perSecond, firstPauseMs, maxPauseMs, random, clock });
}

/** Gives how each question to the vendor is asked: at the run's pace, and again when that may help. */
export function toVendorCall({ pace, retry: patience, signal }: PatienceOptions): VendorCall {
  return (request) => askVendor(() => pace.run(request, signal), { retry: patience, signal });
}

/**
 * Does what a plan says, several recordings at a time. One that fails stops nothing else, but a full disk does. The plan is
 * used up: its items are taken out as they are begun.
 */
export async function runFetch(
  ports: FetchPorts,
  plan: FetchPlan,
  options: FetchOptions,
): Promise<RunReport<FetchResult>> {
  const log = new RunLog<FetchResult>(options);
  log.planned(plan.items.length, plan.failures);
  log.found(plan.findings);
  const onBytes = (bytes: number) => options.onEvent?.({ type: "received", bytes });
  const context = { ...options, ...ports, call: toVendorCall(options), onBytes };
  const work = async (task: FetchTask): Promise<readonly Ended<FetchResult>[]> => {
    const ended = await task.run().finally(() => log.found(task.findings));
    return [ended];
  };
  const toFailed = (task: FetchTask, error: unknown) => [task.toFailed(error)];
  const tasks = function* () {
    for (const item of takeEach(plan.items)) yield new FetchTask(item, context);
  };
  const concurrency = options.concurrency * AHEAD_FACTOR + WAITING_FOR_DISK;
  const ending = await runItems(tasks(), { work, toFailed }, { ...options, concurrency, log });
  return log.toReport(ending);
}

/** One recording on its way: what was tried, and what was found. */
class FetchTask {
  readonly #item: FetchItem;
  readonly #options: DownloadOptions;
  #download: DownloadTask | undefined;
  findings: readonly Finding[] = [];

  constructor(item: FetchItem, options: DownloadOptions) {
    this.#item = item;
    this.#options = options;
  }

  async run(): Promise<Ended<FetchResult>> {
    const { action } = this.#item;
    if (action.type === "none" && action.reason !== "already-there") return this.#toSkipped(action.reason);
    try {
      return await this.#end(await this.#obtain(action));
    } catch (error) {
      if (error instanceof NotReadyError) return this.#toSkipped("not-completed");
      throw error;
    }
  }

  toFailed(error: unknown): Ended<FetchResult> {
    const result = { ...this.#toBase("failed"), retryable: isRetryable(error) };
    return { type: "failed", subject: this.#item.remote.recordingId, error, result };
  }

  async #end(located: LocatedSidecar): Promise<Ended<FetchResult>> {
    const { action, promises } = this.#item;
    const { original } = located.sidecar;
    this.findings = toStoredFindings(promises, located);
    if (action.type === "prove") return { type: "skipped", result: this.#toResult("already", located) };
    if (action.type === "none") {
      await this.#options.archive.index(located);
      return { type: "skipped", result: this.#toResult("already", located) };
    }
    const result = this.#toResult("fetched", located);
    return { type: "done", result, bytes: original.sizeBytes, audioSeconds: original.structure.durationSeconds };
  }

  #obtain(action: ObtainAction): Promise<LocatedSidecar> {
    const { archive } = this.#options;
    switch (action.type) {
      case "none":
        return Promise.resolve(action.located);
      case "prove":
        return archive.storeEvidence(action.located, action.evidence);
      case "adopt":
        return adoptRecording(this.#options, { ...this.#item, ...action }, action);
      case "download":
        return this.#fetch({ ...action, restored: undefined });
      case "restore": {
        const { located: restored, heldBytes } = action;
        return this.#fetch({ restored, recordedSha256: restored.sidecar.original.sha256, heldBytes });
      }
      default:
        return assertNever(action);
    }
  }

  async #fetch(own: Omit<DownloadSubject, "remote" | "promises">): Promise<LocatedSidecar> {
    const download = new DownloadTask({ ...this.#item, ...own }, this.#options);
    this.#download = download;
    try {
      const { staged, sidecar } = await download.run();
      return await this.#options.archive.storeOriginal(staged, sidecar).catch(async (error: unknown) => {
        await staged.discard();
        throw error;
      });
    } finally {
      await this.#keepRejected(download);
    }
  }

  /** Only bytes that no attempt has bettered are still there. An error page is not worth keeping. */
  async #keepRejected(download: DownloadTask): Promise<void> {
    const rejected = download.takeRejected();
    if (rejected === undefined) return;
    const isWorthless =
      rejected.error.code === "MEDIA_NOT_AUDIO" && !isProvenBy(this.#item.promises, rejected.identity);
    if (isWorthless || this.#options.signal?.aborted) await rejected.staged.discard();
    else this.findings = [await quarantineRejected(this.#options, this.#item.remote, rejected)];
  }

  #toSkipped(reason: NonNullable<FetchResult["reason"]>): Ended<FetchResult> {
    return { type: "skipped", result: { ...this.#toBase("skipped"), reason } };
  }

  #toBase(status: FetchResult["status"]): FetchResult {
    const { recordingId, callId } = this.#item.remote;
    const { attempts = 0, resumedFromByte = 0 } = this.#download ?? {};
    return { recordingId, callId, status, attempts, resumedFromByte };
  }

  /**
   * All results are kept to the end. What V8 (of Node 20) adds behind a spread gives each object a hidden class of its own,
   * which takes more room than the object.
   */
  #toResult(status: FetchResult["status"], { key, sidecar }: LocatedSidecar): FetchResult {
    const { recordingId, callId, attempts, resumedFromByte } = this.#toBase(status);
    const { file, sizeBytes, sha256, format, structure } = sidecar.original;
    return {
      recordingId,
      callId,
      status,
      attempts,
      resumedFromByte,
      path: this.#options.archive.toPath(toSiblingKey(key, file)),
      sizeBytes,
      sha256,
      evidence: sidecar.evidence.grade,
      webhookSignature: sidecar.evidence.webhookSignature,
      format,
      durationSeconds: structure.durationSeconds,
      complete: structure.complete,
    };
  }
}

type ObtainAction = Exclude<FetchAction, { reason: "not-completed" | "failed-at-vendor" | "removed" }>;

function isProvenBy({ digests }: Promises, { sha256 }: { readonly sha256: string }): boolean {
  return digests.some((digest) => digest.sha256 === sha256);
}
