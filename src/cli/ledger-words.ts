import type { LedgerVerification } from "../archive/archive.ts";
import { toVisible } from "./terminal.ts";
import { toCountWords } from "./wording.ts";

/** Says of a ledger what was checked, and what nobody can know: a head that is held nowhere else can be rolled back. */
export function toLedgerWords(ledger: LedgerVerification): readonly string[] {
  const { size, head, unsignedEvents, anchors, trust, findings } = ledger;
  const signed = head === undefined ? "nothing of it is signed" : `${toCountWords(head.size, "event")} as signed`;
  const behind =
    unsignedEvents === 0 ? "" : `, ${toCountWords(unsignedEvents, "event")} behind that which nothing proves yet`;
  const fits = findings.length === 0 ? "" : `; ${toCountWords(findings.length, "finding")}`;
  return [
    `ledger: ${toCountWords(size, "event")}, ${signed}${behind}${fits}`,
    ...toPastWords(ledger),
    ...(trust === "key-beside"
      ? ["the key that lies beside the ledger was believed: who changed both is not found out"]
      : []),
    anchors === 0
      ? "the ledger's head is not held elsewhere: if the whole archive is put back to an earlier state, nothing here can tell"
      : `${toCountWords(anchors, "checkpoint")} held outside the archive ${anchors === 1 ? "fits" : "fit"}`,
  ];
}

/** Gives the same for a script. */
export function toLedgerFacts(ledger: LedgerVerification) {
  const { size, head, checkpoints, unsignedEvents, anchors, trust } = ledger;
  const { begunAt, replacesBroken, adopted, signedUnseen } = ledger;
  const newest = head === undefined ? undefined : { size: head.size, rootSha256: head.root.toString("hex") };
  const past = { begunAt, replacesBroken, adopted, signedUnseen };
  return { events: size, head: newest, checkpoints, unsignedEvents, ...past, anchors, trust };
}

function toPastWords({ begunAt, replacesBroken, adopted, signedUnseen }: LedgerVerification): readonly string[] {
  const begun = begunAt === undefined ? "begun" : `begun ${begunAt.slice(0, 10)}`;
  const before = replacesBroken
    ? "it replaces one that was broken, took over its holds, and tells nothing else of what was done before"
    : "of what was done and held before, it tells nothing";
  return [
    ...(adopted > 0 ? [`${begun} over ${toCountWords(adopted, "recording")} already there: ${before}`] : []),
    ...(signedUnseen > 0
      ? [`${toCountWords(signedUnseen, "event")} signed unseen, as they stood after a run that did not end`]
      : []),
  ].map(toVisible);
}
