import { toDefectFindings } from "../archive/defect-findings.ts";
import type { EvidenceGrade } from "../archive/schema.ts";
import { type LocatedSidecar, toSiblingKey } from "../archive/sidecar.ts";
import { type RetryOptions, retry } from "../async/retry.ts";
import { runItems } from "../async/run-items.ts";
import type { AudioFormat } from "../core/audio-format.ts";
import { assertNever } from "../core/errors.ts";
import type { Finding } from "../core/finding.ts";
import type { RunReport } from "../core/report.ts";
import { type Ended, RunLog, type RunOptions } from "../core/run-log.ts";
import type { FetchAction, FetchItem, FetchPlan, FetchPorts } from "./fetch-plan.ts";
import { adoptRecording, downloadRecording } from "./fetch-recording.ts";

/** What became of one recording. */
export interface FetchResult {
  readonly recordingId: string;
  readonly callId: string;
  readonly status: "fetched" | "already" | "failed" | "skipped";
  /** Why it was skipped. */
  readonly reason?: "not-completed" | "failed-at-vendor";
  readonly path?: string;
  readonly sizeBytes?: number;
  readonly sha256?: string;
  readonly evidence?: EvidenceGrade;
  readonly format?: AudioFormat;
  readonly durationSeconds?: number;
  /** Whether the recording's own structure says that all of it is there; null when the format cannot tell. */
  readonly complete?: boolean | null;
  /** Downloads begun in this run. */
  readonly attempts: number;
  /** Always 0: a broken download begins again. */
  readonly resumedFromByte: 0;
}

/** Options of a fetch; a failed download is tried again as `retry` says. */
export interface FetchOptions extends RunOptions {
  readonly retry: Omit<RetryOptions, "signal">;
}

/**
 * Does what a plan says, several recordings at a time. One that fails stops nothing else, but a full disk does.
 */
export async function runFetch(
  ports: FetchPorts,
  plan: FetchPlan,
  options: FetchOptions,
): Promise<RunReport<FetchResult>> {
  const log = new RunLog<FetchResult>(options);
  log.planned(plan.items.length, plan.failures);
  log.found(plan.findings);
  const tasks = plan.items.map((item) => new FetchTask(ports, item, options));
  const work = async (task: FetchTask): Promise<readonly Ended<FetchResult>[]> => {
    const ended = await task.run();
    log.found(task.findings);
    return [ended];
  };
  const toFailed = (task: FetchTask, error: unknown) => [task.toFailed(error)];
  const ending = await runItems(tasks, { work, toFailed }, { ...options, log });
  return log.toReport(ending);
}

/** One recording on its way: what was tried, and what was found. */
class FetchTask {
  readonly #ports: FetchPorts;
  readonly #item: FetchItem;
  readonly #options: FetchOptions;
  #attempts = 0;
  findings: readonly Finding[] = [];

  constructor(ports: FetchPorts, item: FetchItem, options: FetchOptions) {
    this.#ports = ports;
    this.#item = item;
    this.#options = options;
  }

  async run(): Promise<Ended<FetchResult>> {
    const { action } = this.#item;
    if (action.type === "none" && action.reason !== "already-there") {
      return { type: "skipped", result: { ...this.#toBase("skipped"), reason: action.reason } };
    }
    const located = await this.#obtain(action);
    await this.#ports.archive.index(located);
    const { original } = located.sidecar;
    this.findings = toFindings(this.#item, located);
    if (action.type === "none") return { type: "skipped", result: this.#toResult("already", located) };
    const result = this.#toResult("fetched", located);
    return { type: "done", result, bytes: original.sizeBytes, audioSeconds: original.structure.durationSeconds };
  }

  toFailed(error: unknown): Ended<FetchResult> {
    return { type: "failed", subject: this.#item.remote.recordingId, error, result: this.#toBase("failed") };
  }

  #obtain(action: ObtainAction): Promise<LocatedSidecar> {
    switch (action.type) {
      case "none":
        return Promise.resolve(action.located);
      case "adopt":
        return adoptRecording(this.#ports, { ...this.#item, orphan: action }, this.#options);
      case "download":
        return this.#download(undefined);
      case "restore":
        return this.#download(action.located);
      default:
        return assertNever(action);
    }
  }

  #download(restored: LocatedSidecar | undefined): Promise<LocatedSidecar> {
    const attempt = () => {
      this.#attempts += 1;
      return downloadRecording(this.#ports, { ...this.#item, restored }, this.#options);
    };
    return retry(attempt, { ...this.#options.retry, signal: this.#options.signal });
  }

  #toBase(status: FetchResult["status"]): FetchResult {
    const { recordingId, callId } = this.#item.remote;
    return { recordingId, callId, status, attempts: this.#attempts, resumedFromByte: 0 };
  }

  #toResult(status: FetchResult["status"], { key, sidecar }: LocatedSidecar): FetchResult {
    const { file, sizeBytes, sha256, format, structure } = sidecar.original;
    return {
      ...this.#toBase(status),
      path: this.#ports.archive.toPath(toSiblingKey(key, file)),
      sizeBytes,
      sha256,
      evidence: sidecar.evidence.grade,
      format,
      durationSeconds: structure.durationSeconds,
      complete: structure.complete,
    };
  }
}

type ObtainAction = Exclude<FetchAction, { reason: "not-completed" | "failed-at-vendor" }>;

/** Gives what is wrong with a stored recording: defects of its own, and promises of the vendor that it breaks. */
function toFindings({ remote, evidence }: FetchItem, { sidecar }: LocatedSidecar): readonly Finding[] {
  const { original } = sidecar;
  const subject = remote.recordingId;
  const findings = [...toDefectFindings(subject, original.structure.defects)];
  if (remote.sizeBytes !== undefined && remote.sizeBytes !== original.sizeBytes) {
    findings.push({
      kind: "size-mismatch",
      subject,
      message: `the vendor says ${remote.sizeBytes} bytes, the recording has ${original.sizeBytes}`,
      detail: { expected: remote.sizeBytes, found: original.sizeBytes },
    });
  }
  if (evidence?.sha256 !== undefined && evidence.sha256 !== original.sha256) {
    findings.push({
      kind: "digest-mismatch",
      subject,
      message: "the vendor now names another checksum than that of the recording in the archive",
      detail: { algorithm: "sha256", expected: evidence.sha256, found: original.sha256 },
    });
  }
  return findings;
}
