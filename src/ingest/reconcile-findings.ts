import type { Finding } from "../core/finding.ts";
import type { RecordingId } from "../core/recording-id.ts";
import { findOtherDigest, type RecordingSides } from "./reconcile-sides.ts";
import type { Verdict } from "./reconcile-verdict.ts";

/** What each reason means, for a person. */
export const REASON_WORDS: Readonly<Record<Verdict["reason"], string>> = {
  archived: "in the archive",
  "past-retention": "in the archive, and past the vendor's time",
  "deleted-early": "in the archive, and deleted at the vendor before its time",
  "failed-at-vendor": "the vendor says that the recording failed",
  "not-completed": "not completed at the vendor",
  "not-listed": "in the archive and at the vendor, but not in the vendor's list",
  "not-known-yet": "webhooks tell of its beginning, the vendor does not know it yet",
  "not-fetched": "not in the archive",
  "not-at-vendor": "webhooks say completed, but it is neither in the archive nor at the vendor",
  "original-missing": "the archive's original is not there",
  "original-damaged": "the archive's original has another size than recorded",
  "digest-differs": "the archive's original has another sha256 than the vendor names",
  "vendor-unknown": "the vendor gave no answer",
  "archive-unknown": "the archive's original could not be looked at",
};

/** Writes a number of days for a person: `2.5 days`, under two days `11 hours`; never more than there are. */
export function toDayWords(days: number): string {
  const hours = Math.floor(days * 24);
  if (days < 2) return `${hours} ${hours === 1 ? "hour" : "hours"}`;
  return `${(Math.floor(days * 10) / 10).toFixed(1)} days`;
}

/** Gives the finding that a verdict amounts to, if the archive is not what it should be. */
export function toReconcileFinding(
  subject: RecordingId,
  { verdict, daysLeft }: { readonly verdict: Verdict; readonly daysLeft: number },
  sides: RecordingSides,
): Finding | undefined {
  const message = `${REASON_WORDS[verdict.reason]}; ${toProspect(verdict, daysLeft)}`;
  switch (verdict.status) {
    case "agreed":
    case "pending":
    case "failed":
      return undefined;
    case "conflict": {
      const detail = { algorithm: "sha256", expected: findOtherDigest(sides), found: sides.archive?.sha256 } as const;
      return { kind: "digest-mismatch", subject, message, detail };
    }
    case "gap":
    case "lost":
      return { subject, message, ...toLackDetail(sides) };
  }
}

function toLackDetail({ archive }: RecordingSides): Pick<Finding, "kind" | "detail"> {
  if (archive?.state !== "damaged") return { kind: "missing", detail: {} };
  return { kind: "size-mismatch", detail: { expected: archive.expectedBytes, found: archive.foundBytes } };
}

function toProspect({ status }: Verdict, daysLeft: number): string {
  if (status === "lost") return "the vendor cannot give it any more";
  return daysLeft >= 0
    ? `${toDayWords(daysLeft)} left before the vendor deletes it`
    : `the vendor was to delete it ${toDayWords(-daysLeft)} ago`;
}
