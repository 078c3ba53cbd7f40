import type { PurgeRules } from "../custody/purge-plan.ts";
import type { PurgeResult } from "../custody/purge-result.ts";
import { RECEIPT_NAMESPACE, type Signatory } from "../custody/receipt.ts";
import { toPrincipal } from "../signing/allowed-signers-line.ts";
import { toByteWords, toCountWords, toSpanWords, toTable } from "./wording.ts";

/** What a purge says to a person. */
export interface PurgeWords {
  readonly results: readonly PurgeResult[];
  readonly rules: PurgeRules;
  readonly isApplied: boolean;
  /** Paths. */
  readonly receipt: { readonly path: string; readonly signature: string; readonly allowedSigners: string } | undefined;
  readonly signatory: Signatory;
}

/** How many recordings are listed one by one. */
const MAX_LISTED = 50;

/** Says of each recording what became of it, or would, and where the receipt is. */
export function toPurgeLines(words: PurgeWords): readonly string[] {
  const { results, rules, isApplied } = words;
  // What was refused stands among the failures, with the reason.
  const told = results.filter(({ status }) => !["refused", "held"].includes(status));
  const more = told.length > MAX_LISTED ? [`… and ${told.length - MAX_LISTED} more: see --json`] : [];
  const lines = toTable(told.slice(0, MAX_LISTED).map((result) => [result.recordingId, toStatusWords(result, rules)]));
  return [...lines, ...more, toSummary(results), ...(isApplied ? toReceiptLines(words) : [DRY_RUN])];
}

const DRY_RUN = "dry run: nothing was deleted at the vendor; --apply deletes";

function toStatusWords(result: PurgeResult, rules: PurgeRules): string {
  const { status, evidence, attempt, ageDays = 0 } = result;
  const counted =
    evidence && `${toByteWords(evidence.sizeBytes)} in ${toCountWords(evidence.storages.length, "storage")}`;
  switch (status) {
    case "would-delete":
      return `would be deleted: ${counted}`;
    case "deleted":
      return `deleted at the vendor (it says at ${attempt?.deletedAt}): ${counted}`;
    case "gone":
      return `gone at the vendor, which did not answer that it deleted it (${attempt?.because}): ${counted}`;
    case "already-gone":
      return attempt?.intendedBy === undefined
        ? "the vendor does not have it any more"
        : `the vendor does not have it any more; run ${attempt.intendedBy.run} was about to have it deleted, and was ended`;
    case "too-young":
      return `not deleted yet: ${toCountWords(ageDays, "day")} old, and --older-than is ${toSpanWords(rules.olderThanMs)}`;
    default:
      return toFailedWords(result);
  }
}

function toFailedWords({ attempt }: PurgeResult): string {
  if (attempt === undefined) return "failed, and the vendor was not asked to delete it";
  return attempt.standing === "still-there"
    ? "failed: the vendor was asked to delete it, and still has it"
    : "failed: the vendor was asked to delete it, and it cannot be told whether it still has it";
}

function toSummary(results: readonly PurgeResult[]): string {
  const count = (...statuses: readonly PurgeResult["status"][]) =>
    results.filter(({ status }) => statuses.includes(status)).length;
  const parts = [
    `deleted ${count("deleted", "gone")} of ${toCountWords(results.length, "recording")}`,
    ...toPart(count("would-delete"), "would be deleted"),
    ...toPart(count("already-gone"), "gone before"),
    ...toPart(count("too-young"), "too young"),
    ...toPart(count("held"), "held"),
    ...toPart(count("refused"), "refused"),
    ...toPart(count("failed"), "failed"),
  ];
  return parts.join(", ");
}

function toPart(count: number, words: string): readonly string[] {
  return count === 0 ? [] : [`${count} ${words}`];
}

function toReceiptLines({ receipt, signatory }: PurgeWords): readonly string[] {
  if (receipt === undefined) return ["no receipt: the vendor was not asked to delete anything"];
  const { path, signature, allowedSigners } = receipt;
  const who = toPrincipal(signatory.actor);
  return [
    `receipt: ${path}`,
    `check it: ssh-keygen -Y verify -n ${RECEIPT_NAMESPACE} -I ${who} -f '${allowedSigners}' -s '${signature}' < '${path}'`,
  ];
}
