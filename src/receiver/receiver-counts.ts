import { REFUSALS, type RefusalReason } from "./refusal.ts";

/** How many requests ended how. */
export interface ReceiverCounts {
  /** Events kept. */
  readonly received: number;
  /** Bodies kept that are no event of the vendor's page. */
  readonly unrecognised: number;
  readonly duplicates: number;
  /** Answered with 503. */
  readonly failed: number;
  readonly refused: Readonly<Record<RefusalReason, number>>;
}

/** Where the server counts. */
export interface ReceiverTally extends ReceiverCounts {
  received: number;
  unrecognised: number;
  duplicates: number;
  failed: number;
  readonly refused: Record<RefusalReason, number>;
}

/** Begins at nothing. */
export function newReceiverTally(): ReceiverTally {
  const reasons = Object.keys(REFUSALS) as RefusalReason[];
  const refused = Object.fromEntries(reasons.map((reason) => [reason, 0])) as Record<RefusalReason, number>;
  return { received: 0, unrecognised: 0, duplicates: 0, failed: 0, refused };
}
