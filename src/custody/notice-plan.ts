import type { Archive } from "../archive/archive.ts";
import { RecordingRemovedError } from "../archive/errors.ts";
import type { Catch } from "../archive/hold-book.ts";
import type { LocatedSidecar } from "../archive/sidecar.ts";
import { findNotice, type Notice, type NoticeRule } from "../core/notice.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { PlanFailure } from "../core/run-log.ts";

/** A recording of which a rule states something else than its sidecar does. */
export interface NoticeItem {
  readonly recordingId: RecordingId;
  readonly notice: Notice;
  /** Whether the sidecar states nothing yet. */
  readonly isFirst: boolean;
  /** The holds that keep the sidecar as it is. */
  readonly caught: readonly Catch[];
}

/** What the rules would state that no sidecar states yet. Making it changes nothing. */
export interface NoticePlan {
  readonly items: readonly NoticeItem[];
  /** Recordings of which the sidecar states it already, or no rule states anything. */
  readonly others: { readonly already: number; readonly noRule: number };
  readonly failures: readonly PlanFailure[];
}

/** What planning needs. */
export interface NoticePlanOptions {
  readonly nowMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Finds the recordings of which the rules state why they were recorded, and whose sidecars do not. */
export async function planNotices(
  archive: Pick<Archive, "recordings" | "findCatalogued" | "holds">,
  rules: readonly NoticeRule[],
  { nowMs, signal }: NoticePlanOptions,
): Promise<NoticePlan> {
  const items: NoticeItem[] = [];
  const failures: PlanFailure[] = [];
  const others = { already: 0, noRule: 0 };
  const holds = await archive.holds();
  for await (const recording of archive.recordings()) {
    const { recordingId } = recording;
    signal?.throwIfAborted();
    try {
      const located = await archive.findCatalogued(recordingId);
      const notice = findNotice(rules, toSubject(located), nowMs);
      const stated = located.sidecar.notice;
      if (notice === undefined) others.noRule += 1;
      else if (stated !== undefined && saysTheSame(stated, notice)) others.already += 1;
      else items.push({ recordingId, notice, isFirst: stated === undefined, caught: holds.catching(recording) });
    } catch (error) {
      if (!(error instanceof RecordingRemovedError)) failures.push({ subject: recordingId, error });
    }
  }
  return { items, others, failures };
}

function toSubject({ sidecar: { vendor } }: LocatedSidecar) {
  return { ...vendor, createdAtMs: Date.parse(vendor.createdAt) };
}

/** When it was stated does not count. */
function saysTheSame(one: Notice, other: Notice): boolean {
  const toText = ({ announcement, announcementText, consent, ground, policy, rule }: Notice) =>
    JSON.stringify([announcement, announcementText, consent, ground, policy, rule]);
  return toText(one) === toText(other);
}
