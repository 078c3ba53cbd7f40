import { findOtherDigest, type RecordingSides, type VendorSide } from "./reconcile-sides.ts";

/** Why the archive cannot give a recording. */
type Lack = "not-fetched" | "original-missing" | "original-damaged";

/** What the three sides together come to for one recording. */
export type Verdict =
  /** Nothing is left to do, and no side contradicts another. */
  | {
      readonly status: "agreed";
      readonly reason: "archived" | "past-retention" | "deleted-early" | "failed-at-vendor";
    }
  /** No gap as far as can be told, and no agreement yet. */
  | { readonly status: "pending"; readonly reason: "not-completed" | "not-listed" | "not-known-yet" }
  /** The archive cannot give it, and the vendor can, or may be able to later. */
  | { readonly status: "gap"; readonly reason: Lack | "not-at-vendor" }
  /** The archive has other bytes than the vendor named. */
  | { readonly status: "conflict"; readonly reason: "digest-differs" }
  /** The archive cannot give it, and the vendor cannot any more. */
  | { readonly status: "lost"; readonly reason: Lack | "failed-at-vendor" }
  /** A side could not be asked. */
  | { readonly status: "failed"; readonly reason: "vendor-unknown" | "archive-unknown" };

/**
 * Judges one recording.
 *
 * @param isPast - The vendor has deleted it by now, if it does what its page says.
 */
export function judge(sides: RecordingSides, isPast: boolean): Verdict {
  const { vendor, archive } = sides;
  if (archive?.state === "unknown") return { status: "failed", reason: "archive-unknown" };
  if (archive?.state === "whole") return judgeHeld(sides);
  switch (vendor?.type) {
    case "unknown":
      return { status: "failed", reason: "vendor-unknown" };
    case "has":
      return judgeOffered(sides, vendor);
    case "gone":
      return judgeGone(sides, isPast);
    case undefined:
      // Webhooks alone tell of it, and only that it failed.
      return { status: "agreed", reason: "failed-at-vendor" };
  }
}

/** The archive has it. */
function judgeHeld(sides: RecordingSides): Verdict {
  if (findOtherDigest(sides) !== undefined) return { status: "conflict", reason: "digest-differs" };
  const { vendor } = sides;
  switch (vendor?.type) {
    case "unknown":
      return { status: "failed", reason: "vendor-unknown" };
    case "has":
      if (isUnderWay(vendor)) return { status: "pending", reason: "not-completed" };
      // A list that leaves one out may leave out others that the archive has not.
      return vendor.isListed ? { status: "agreed", reason: "archived" } : { status: "pending", reason: "not-listed" };
    case "gone":
      return { status: "agreed", reason: "deleted-early" };
    case undefined:
      return { status: "agreed", reason: "past-retention" };
  }
}

/** The vendor has it in some state, and the archive has not. */
function judgeOffered(sides: RecordingSides, vendor: OfferedSide): Verdict {
  const wasWhole = sides.archive !== undefined || sides.events?.isCompleted === true;
  if (vendor.status === "failed") return { status: wasWhole ? "lost" : "agreed", reason: "failed-at-vendor" };
  // The list can lag behind the webhook that says it is completed.
  if (isUnderWay(vendor) && !wasWhole) return { status: "pending", reason: "not-completed" };
  return { status: "gap", reason: toLack(sides) };
}

/** Neither the vendor nor the archive has it. */
function judgeGone(sides: RecordingSides, isPast: boolean): Verdict {
  // The archive had it once, so the vendor is not late with it.
  if (isPast || sides.archive !== undefined) return { status: "lost", reason: toLack(sides) };
  if (sides.events?.isCompleted) return { status: "gap", reason: "not-at-vendor" };
  return { status: "pending", reason: "not-known-yet" };
}

type OfferedSide = Extract<VendorSide, { type: "has" }>;

function isUnderWay({ status }: OfferedSide): boolean {
  return status !== "completed" && status !== "failed";
}

function toLack({ archive }: RecordingSides): Lack {
  if (archive === undefined) return "not-fetched";
  return archive.state === "damaged" ? "original-damaged" : "original-missing";
}
