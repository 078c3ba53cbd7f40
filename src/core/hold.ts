import type { RecordingId } from "./recording-id.ts";

/**
 * What a legal hold catches: the recordings and calls that it names, or all that fit its numbers and its time; recordings
 * that are fetched later as well.
 */
export type HoldCriteria =
  | { readonly kind: "named"; readonly recordingIds: readonly RecordingId[]; readonly callIds: readonly string[] }
  | {
      readonly kind: "matching";
      /** The number that called. */
      readonly from?: string | undefined;
      /** The number that was called. */
      readonly to?: string | undefined;
      /** Of the creation, inclusive. */
      readonly sinceMs?: number | undefined;
      /** Of the creation, exclusive. */
      readonly untilMs?: number | undefined;
    };

/** A hold that was added, and its release if there was one. */
export interface Hold {
  /** The matter that it is for; several holds may be for one. */
  readonly case: string;
  /** Of the ledger's event that added it. */
  readonly seq: number;
  readonly criteria: HoldCriteria;
  /** Why, in the words of who added it. */
  readonly reason: string | undefined;
  readonly heldAt: string;
  readonly heldBy: string;
  readonly release: HoldRelease | undefined;
}

/** Who let a hold go, and why. */
export interface HoldRelease {
  readonly releasedAt: string;
  readonly releasedBy: string;
  readonly reason: string;
  /** Those whose signatures approved it. */
  readonly approvedBy: readonly string[];
}

/** What may be done to a recording, or to the vendor's copy of it, and a hold may stand against. */
export const HELD_CHANGES = ["remove", "replace", "quarantine", "restore", "purge", "destroy-key"] as const;
export type HeldChange = (typeof HELD_CHANGES)[number];
