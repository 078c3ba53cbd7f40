import type { Archive } from "../archive/archive.ts";
import { HoldPreventsError } from "../archive/errors.ts";
import { runItems } from "../async/run-items.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { RunReport } from "../core/report.ts";
import { type Ended, RunLog, type RunOptions } from "../core/run-log.ts";
import type { NoticeItem, NoticePlan } from "./notice-plan.ts";

/** What became of the statement about a recording. */
export interface NoticeResult {
  readonly subject: RecordingId;
  readonly status: "stated" | "restated" | "would-state" | "failed";
  readonly rule: string;
  readonly ground: string;
}

/** Writes what a plan states into the sidecars. What a hold keeps as it is, is refused. */
export async function runNotices(
  archive: Pick<Archive, "findCatalogued" | "storeNotice">,
  { items, failures }: NoticePlan,
  options: RunOptions,
): Promise<RunReport<NoticeResult>> {
  const log = new RunLog<NoticeResult>(options);
  log.planned(items.length, failures);
  const work = async (item: NoticeItem) => {
    await archive.storeNotice(await archive.findCatalogued(item.recordingId), item.notice);
    const result = toResult(item, item.isFirst ? "stated" : "restated");
    return [{ type: "done", result, bytes: 0, audioSeconds: 0 } as const];
  };
  const toFailed = (item: NoticeItem, error: unknown) => {
    return [{ type: "failed", subject: item.recordingId, error, result: toResult(item, "failed") } as const];
  };
  return log.toReport(await runItems(items, { work, toFailed }, { ...options, log }));
}

/** Reports a plan as it is, with nothing done. */
export function toPlannedNotices({ items, failures }: NoticePlan, options: RunOptions): RunReport<NoticeResult> {
  const log = new RunLog<NoticeResult>(options);
  log.planned(items.length, failures);
  for (const item of items) log.ended(toPlanned(item));
  return log.toReport("completed");
}

function toPlanned(item: NoticeItem): Ended<NoticeResult> {
  const { recordingId, caught } = item;
  if (caught.length === 0) return { type: "skipped", result: toResult(item, "would-state") };
  const error = new HoldPreventsError(recordingId, "replace", caught);
  return { type: "failed", subject: recordingId, error, result: toResult(item, "failed") };
}

function toResult({ recordingId, notice: { rule, ground } }: NoticeItem, status: NoticeResult["status"]): NoticeResult {
  return { subject: recordingId, status, rule, ground };
}
