import type { Archive } from "../archive/archive.ts";
import { runItems } from "../async/run-items.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { RunReport } from "../core/report.ts";
import { type PlanFailure, RunLog, type RunOptions } from "../core/run-log.ts";
import { type KeySurveyPorts, surveyKeys } from "./key-survey.ts";

/** A recording whose key is wrapped with another key of the operator's than that of now. */
export interface RotationItem {
  readonly recordingId: RecordingId;
  readonly fromKeyId: string;
}

/** What a rotation would do. Making it changes nothing. */
export interface RotationPlan {
  readonly toKeyId: string;
  readonly items: readonly RotationItem[];
  readonly failures: readonly PlanFailure[];
}

/** What became of one key. */
export interface RotationResult extends RotationItem {
  readonly subject: string;
  readonly status: "rewrapped" | "already" | "failed";
  readonly toKeyId: string;
}

/** Finds the recordings whose keys are not wrapped with `toKeyId`. Those that were destroyed are left out. */
export async function planRotation(
  ports: KeySurveyPorts,
  { toKeyId, signal }: { readonly toKeyId: string; readonly signal?: AbortSignal | undefined },
): Promise<RotationPlan> {
  const items: RotationItem[] = [];
  const failures: PlanFailure[] = [];
  for await (const { located, failure } of surveyKeys(ports, signal)) {
    if (failure !== undefined) failures.push(failure);
    const { recordingId, encryption } = located?.sidecar ?? {};
    if (recordingId === undefined || encryption?.wrappedKey === undefined || encryption.keyId === toKeyId) continue;
    items.push({ recordingId, fromKeyId: encryption.keyId });
  }
  return { toKeyId, items, failures };
}

/**
 * Wraps the keys of recordings anew. No audio is read or written. One that fails stops nothing else; a run that was broken off
 * is gone on with by the next, which finds what is left.
 */
export async function runRotation(
  { archive }: { readonly archive: Pick<Archive, "findCatalogued" | "rewrapKey"> },
  { toKeyId, items, failures }: RotationPlan,
  options: RunOptions,
): Promise<RunReport<RotationResult>> {
  const log = new RunLog<RotationResult>(options);
  log.planned(items.length, failures);
  const toResult = (item: RotationItem, status: RotationResult["status"]): RotationResult => {
    const { recordingId, fromKeyId } = item;
    return { subject: recordingId, recordingId, status, fromKeyId, toKeyId };
  };
  const work = async (item: RotationItem) => {
    const located = await archive.rewrapKey(await archive.findCatalogued(item.recordingId));
    if (located === undefined) return [{ type: "skipped", result: toResult(item, "already") } as const];
    return [{ type: "done", result: toResult(item, "rewrapped"), bytes: 0, audioSeconds: 0 } as const];
  };
  const toFailed = (item: RotationItem, error: unknown) => {
    return [{ type: "failed", result: toResult(item, "failed"), subject: item.recordingId, error } as const];
  };
  const ending = await runItems(items, { work, toFailed }, { ...options, log });
  return log.toReport(ending);
}
