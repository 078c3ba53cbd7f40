import type { LedgerEntry, LedgerEvent } from "../core/ledger-event.ts";
import type { SalvagedEvent } from "../ledger/salvage-ledger.ts";
import { HeldDetail, ReleasedDetail } from "./schema.ts";

/** The holds of a broken ledger, as another one is to tell of them. */
export interface CarriedHolds {
  readonly events: readonly LedgerEvent[];
  readonly held: number;
  readonly released: number;
  /** Releases that nothing proves: they are left out, and their holds stand again. */
  readonly unproven: number;
  /** Events of holds whose details cannot be read. */
  readonly unreadable: number;
}

/**
 * Writes holds and their releases for a new ledger. What is not sure holds: a hold is taken over whether or not it is proven, and
 * a release only if it is, for whoever broke the ledger may have written it.
 *
 * @param salvaged - In the order of the old ledger.
 * @param firstSeq - Where the first of them will stand in the new one.
 */
export function carryHolds(salvaged: readonly SalvagedEvent[], firstSeq: number): CarriedHolds {
  const events: LedgerEvent[] = [];
  const places = new Map<number, number>();
  let [held, released, unproven, unreadable] = [0, 0, 0, 0];
  for (const { entry, isProven } of salvaged) {
    if (entry.type === "held") {
      if (!HeldDetail.safeParse(entry.detail).success) {
        unreadable += 1;
        continue;
      }
      places.set(entry.seq, firstSeq + events.length);
      events.push(toCarried(entry));
      held += 1;
      continue;
    }
    const parsed = ReleasedDetail.safeParse(entry.detail);
    if (!isProven || !parsed.success) {
      unproven += 1;
      continue;
    }
    const holds = parsed.data.holds.flatMap((seq) => places.get(seq) ?? []);
    events.push(toCarried(entry, { holds }));
    released += 1;
  }
  return { events, held, released, unproven, unreadable };
}

/** What was taken over before keeps the name of who did it first. */
function toCarried(
  { type, subject, digests, detail, seq, at, actor }: LedgerEntry,
  changed: Readonly<Record<string, unknown>> = {},
): LedgerEvent {
  return { type, subject, digests, detail: { carriedFrom: { seq, at, actor }, ...detail, ...changed } };
}
