import type { Archive } from "../archive/archive.ts";
import { HoldPreventsError } from "../archive/errors.ts";
import { type LocatedSidecar, toSiblingKey } from "../archive/sidecar.ts";
import { runItems } from "../async/run-items.ts";
import { toIsoInstant } from "../core/clock.ts";
import type { Finding } from "../core/finding.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { RunReport } from "../core/report.ts";
import { type Ended, RunLog, type RunOptions } from "../core/run-log.ts";
import type { LookProblem } from "./retain-look.ts";
import type { RetainItem, RetainPlan } from "./retain-plan.ts";
import { toRuleWords } from "./retention-rules.ts";

/** What removing needs. */
export interface RetainPorts {
  readonly archive: Pick<Archive, "findCatalogued" | "lookAtOriginal" | "remove" | "toPath">;
}

/** Options of {@link runRetain}. */
export interface RetainOptions extends RunOptions {
  /** Who removes, for the tombstones. */
  readonly removedBy: string;
}

/** What became of a recording that is due. */
export interface RetainResult {
  readonly subject: string;
  readonly recordingId: RecordingId;
  readonly status: "removed" | "would-remove" | "held" | "not-verified" | "failed";
  readonly rule: string;
  readonly ageDays: number;
  readonly sizeBytes: number;
  /** Of a held one. */
  readonly cases?: readonly string[];
  /** Of one that was not verified. */
  readonly reason?: LookProblem;
}

/**
 * Removes what a plan says may go, and leaves a tombstone of each. Right before, its hold is asked for again, and its original
 * must be there with its size; bytes are not read. What is under way when `signal` aborts is finished.
 */
export async function runRetain(
  { archive }: RetainPorts,
  { items }: Pick<RetainPlan, "items">,
  options: RetainOptions,
): Promise<RunReport<RetainResult>> {
  const log = new RunLog<RetainResult>(options);
  log.planned(items.length, []);
  const work = async (item: RetainItem) => {
    if (item.stand.kind !== "free") return [toEnded(item)];
    const located = await archive.findCatalogued(item.recordingId);
    if (Date.parse(located.sidecar.vendor.createdAt) !== item.createdAtMs) {
      log.found([toAgeFinding(item, located)]);
      return [toEnded({ ...item, stand: { kind: "not-verified", why: "damaged" } })];
    }
    const seen = await archive.lookAtOriginal(located);
    if (seen !== "there") {
      log.found([toLossFinding(archive, located, seen)]);
      return [toEnded({ ...item, stand: { kind: "not-verified", why: seen } })];
    }
    await archive.remove(located, { removedBy: options.removedBy, reason: toRuleWords(item.rule) });
    return [toRemoved(item)];
  };
  const ending = await runItems(
    items,
    { work, toFailed: (item, error) => [toFailed(item, error)] },
    { ...options, log },
  );
  return log.toReport(ending);
}

/** Reports a plan as it is, with nothing done: what a hold stands against is told of as it would be. */
export function toPlannedReport({ items }: Pick<RetainPlan, "items">, options: RunOptions): RunReport<RetainResult> {
  const log = new RunLog<RetainResult>(options);
  log.planned(items.length, []);
  for (const item of items) log.ended(toEnded(item));
  return log.toReport("completed");
}

function toEnded(item: RetainItem): Ended<RetainResult> {
  const { recordingId, stand } = item;
  switch (stand.kind) {
    case "free":
      return { type: "skipped", result: toResult(item, { status: "would-remove" }) };
    case "held":
      return toFailed(item, new HoldPreventsError(recordingId, "remove", stand.caught));
    case "not-verified":
      return { type: "skipped", result: toResult(item, { status: "not-verified", reason: stand.why }) };
  }
}

function toRemoved(item: RetainItem): Ended<RetainResult> {
  return { type: "done", result: toResult(item, { status: "removed" }), bytes: item.sizeBytes, audioSeconds: 0 };
}

function toFailed(item: RetainItem, error: unknown): Ended<RetainResult> {
  const outcome =
    error instanceof HoldPreventsError
      ? ({ status: "held", cases: error.cases } as const)
      : ({ status: "failed" } as const);
  return { type: "failed", result: toResult(item, outcome), subject: item.recordingId, error };
}

function toResult(
  { recordingId, rule, ageDays, sizeBytes }: RetainItem,
  outcome: Pick<RetainResult, "status" | "cases" | "reason">,
): RetainResult {
  const { status, ...why } = outcome;
  return { subject: recordingId, recordingId, status, rule: rule.name, ageDays, sizeBytes, ...why };
}

/** Who makes a recording older in the catalogue does not have it removed before its time. */
function toAgeFinding({ recordingId, createdAtMs }: RetainItem, { sidecar }: LocatedSidecar): Finding {
  const expected = sidecar.vendor.createdAt;
  const found = toIsoInstant(createdAtMs);
  const message = `the catalogue says that it was created at ${found}, its sidecar at ${expected}; the recording was not removed`;
  return { kind: "not-conforming", subject: recordingId, message, detail: { expected, found } };
}

function toLossFinding(
  archive: Pick<Archive, "toPath">,
  { key, sidecar }: LocatedSidecar,
  seen: "missing" | "damaged",
): Finding {
  const subject = archive.toPath(toSiblingKey(key, sidecar.original.file));
  const kept = "the recording was not removed";
  return seen === "missing"
    ? { kind: "missing", subject, message: `the original is gone; ${kept}`, detail: {} }
    : { kind: "size-mismatch", subject, message: `the original has not its recorded size; ${kept}`, detail: {} };
}
