import type { LedgerVerification } from "../archive/archive.ts";
import { toCountWords } from "./wording.ts";

/** Says of a ledger what was checked, and what nobody can know: a head that is held nowhere else can be rolled back. */
export function toLedgerWords({
  size,
  head,
  unsignedEvents,
  anchors,
  trust,
  findings,
}: LedgerVerification): readonly string[] {
  const signed = head === undefined ? "nothing of it is signed" : `${toCountWords(head.size, "event")} as signed`;
  const behind =
    unsignedEvents === 0 ? "" : `, ${toCountWords(unsignedEvents, "event")} behind that which nothing proves yet`;
  const fits = findings.length === 0 ? "" : `; ${toCountWords(findings.length, "finding")}`;
  return [
    `ledger: ${toCountWords(size, "event")}, ${signed}${behind}${fits}`,
    ...(trust === "key-beside"
      ? ["the key that lies beside the ledger was believed: who changed both is not found out"]
      : []),
    anchors === 0
      ? "the ledger's head is not held elsewhere: if the whole archive is put back to an earlier state, nothing here can tell"
      : `${toCountWords(anchors, "checkpoint")} held outside the archive ${anchors === 1 ? "fits" : "fit"}`,
  ];
}

/** Gives the same for a script. */
export function toLedgerFacts({ size, head, checkpoints, unsignedEvents, anchors, trust }: LedgerVerification) {
  const newest = head === undefined ? undefined : { size: head.size, rootSha256: head.root.toString("hex") };
  return { events: size, head: newest, checkpoints, unsignedEvents, anchors, trust };
}
