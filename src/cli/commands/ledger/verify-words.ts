import type { VerifiedStamp } from "../../../archive/verify-stamps.ts";
import { toLedgerWords } from "../../ledger-words.ts";
import { toVisible } from "../../terminal.ts";
import type { LedgerCheck } from "./check-place.ts";
import type { Trust } from "./load-trust.ts";

/** Says what was checked and what was not, for a person. */
export function toVerifyWords(
  { ledger, notCompared, stamps }: LedgerCheck,
  trust: Trust | undefined,
  findings: number,
): readonly string[] {
  return [
    ...toLedgerWords({ ...ledger, findings: [] }),
    ...(trust === undefined ? [] : [toVisible(`the newest checkpoint had to be signed with the key of ${trust.path}`)]),
    notCompared === undefined
      ? "the catalogue was held against the events: both name the same sidecars, but for what was found; no file was read (`holdfast verify`)"
      : toVisible(`the catalogue was not held against the events: ${notCompared}`),
    ...stamps.flatMap(toStampLines).map(toVisible),
    findings === 0 ? "nothing was found" : `${findings} found: see above`,
  ];
}

function toStampLines({ checkpoint, stampedAt, authority, chain, remarks }: VerifiedStamp): readonly string[] {
  const trust =
    chain === "verified" ? "" : " (chain not checked: anybody can have said so; --tsa-ca names whom you trust)";
  return [
    `time stamp of ${stampedAt} on ${checkpoint} by ${authority}${trust}`,
    ...remarks.map((remark) => `  ${remark}`),
  ];
}
