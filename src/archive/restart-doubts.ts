import type { SalvagedLedger } from "../ledger/salvage-ledger.ts";
import type { CarriedHolds } from "./carry-holds.ts";

/**
 * Says why a hold may have been in a broken ledger that cannot be taken over; nothing when every event that was ever signed is
 * proven and all behind is in order.
 */
export function toDoubts(salvaged: SalvagedLedger, { unreadable }: CarriedHolds): readonly string[] {
  const { lines, proven, claimed, file } = salvaged;
  if (file === undefined || lines === 0) return ["no event of it is left: no hold is known any more"];
  const doubts: string[] = [];
  if (claimed > lines) doubts.push(`${claimed - lines} of ${claimed} events are gone from its end`);
  if (proven === 0) doubts.push("nothing that this key has signed vouches for any of its events");
  else if (proven < Math.min(claimed, lines)) {
    doubts.push(`nothing proves that events ${proven} to ${Math.min(claimed, lines) - 1} are as they were written`);
  }
  if (salvaged.unreadable > 0) doubts.push(`lines that cannot be read: ${salvaged.unreadable}`);
  if (salvaged.misplaced > 0) doubts.push(`events that are not in their places: ${salvaged.misplaced}`);
  if (unreadable > 0) doubts.push(`events of holds that cannot be read: ${unreadable}`);
  return doubts;
}
