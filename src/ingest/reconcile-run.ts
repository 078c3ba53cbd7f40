import { toIsoInstant } from "../core/clock.ts";
import { NothingToDoError } from "../core/errors.ts";
import type { RunReport } from "../core/report.ts";
import { type Ended, RunLog, type RunOptions } from "../core/run-log.ts";
import type { ListFilter } from "../vendor/recording-source.ts";
import type { EventFile } from "./read-events.ts";
import { type ReconcileResult, reconcile } from "./reconcile.ts";
import { toEventSides } from "./reconcile-events.ts";
import { type GatherOptions, gatherSides, type ReconcilePorts } from "./reconcile-gather.ts";
import type { Retention } from "./reconcile-retention.ts";
import type { Sides } from "./reconcile-sides.ts";

/** Which recordings to reconcile, and the webhooks to hold against list and archive. */
export interface ReconcileRequest {
  readonly filter: ListFilter;
  readonly events: EventFile;
}

/** Options of a reconciliation. */
export type ReconcileOptions = RunOptions & Pick<GatherOptions, "retry"> & Pick<Retention, "retentionDays">;

/** The report, with the instant up to which it holds. */
export interface ReconcileReport extends RunReport<ReconcileResult> {
  /**
   * All sides agree on every recording created before this instant: when the list was asked, or earlier if something is
   * not settled. Null when an event could not be read, for it may be of any time.
   */
  readonly watermark: string | null;
  readonly listAskedAt: string;
  /** What was looked at; the watermark says nothing of anything else. Null: not narrowed. */
  readonly scope: { readonly callId: string | null; readonly since: string | null; readonly until: string | null };
}

/**
 * Holds the vendor's list, the webhooks and the archive against each other. Changes nothing anywhere.
 *
 * @throws {VendorError} the list cannot be had: an incomplete list is never taken as the whole.
 * @throws {NothingToDoError} there is no archive and no other side knows of any recording.
 */
export async function runReconcile(
  ports: ReconcilePorts,
  { filter, events }: ReconcileRequest,
  options: ReconcileOptions,
): Promise<ReconcileReport> {
  const log = new RunLog<ReconcileResult>(options);
  const nowMs = options.clock.now();
  const told = toEventSides(events.events);
  const sides = await gatherSides(ports, { filter, events: told.byRecording }, { ...options, nowMs });
  const { results, findings, unsettledSinceMs } = reconcile(sides, { nowMs, retentionDays: options.retentionDays });
  const isEmpty = results.length + events.failures.length + events.findings.length === 0;
  if (isEmpty && ports.archive === undefined) throw toNothingError();
  log.planned(results.length, events.failures);
  const inScope: ReadonlyMap<string, unknown> = sides.events;
  log.found([...events.findings, ...told.findings.filter(({ subject }) => inScope.has(subject))]);
  log.found(findings);
  for (const result of results) log.ended(toEnded(result, sides));
  const watermarkMs = Math.min(nowMs, unsettledSinceMs ?? Infinity, filter.untilMs ?? Infinity);
  return {
    ...log.toReport("completed"),
    watermark: events.failures.length > 0 ? null : toIsoInstant(watermarkMs),
    listAskedAt: toIsoInstant(nowMs),
    scope: toScope(filter),
  };
}

function toScope({ callId, sinceMs, untilMs }: ListFilter): ReconcileReport["scope"] {
  const toInstant = (epochMs: number | undefined) => (epochMs === undefined ? null : toIsoInstant(epochMs));
  return { callId: callId ?? null, since: toInstant(sinceMs), until: toInstant(untilMs) };
}

function toEnded(result: ReconcileResult, { vendor, archive }: Sides): Ended<ReconcileResult> {
  const [atVendor, inArchive] = [vendor.get(result.recordingId), archive.get(result.recordingId)];
  if (inArchive?.state === "unknown") {
    return { type: "failed", result, subject: result.recordingId, error: inArchive.error };
  }
  if (atVendor?.type === "unknown") {
    return { type: "failed", result, subject: result.recordingId, error: atVendor.error };
  }
  return { type: "done", result, bytes: 0, audioSeconds: 0 };
}

/** An empty list agrees with an empty archive; without an archive, nothing says that the right places were looked at. */
function toNothingError(): NothingToDoError {
  return new NothingToDoError("nothing to reconcile: the vendor lists nothing, and there is no archive and no event", {
    hint: "check --archive, the key and the filter; `holdfast fetch` makes an archive, even of an empty list",
  });
}
