import { toIsoInstant } from "../core/clock.ts";
import { TOOL_VERSION } from "../core/tool-version.ts";
import { toPrincipal } from "../signing/allowed-signers-line.ts";
import type { PurgeRules } from "./purge-plan.ts";
import type { PurgeResult } from "./purge-result.ts";
import type { Signatory } from "./receipt.ts";

/** The name and version of the receipt's form; `docs/purge.md` describes it. */
const SCHEMA = "holdfast.purge-receipt/1";

/** What a receipt says of the run as a whole. */
export interface PurgeReceiptHead {
  readonly runId: string;
  readonly archiveId: string;
  readonly vendor: { readonly source: string; readonly origin: string };
  readonly rules: PurgeRules;
  readonly signatory: Signatory;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
}

/** Gives the name of a run's receipt. */
export function toReceiptName(runId: string): string {
  return `purge-${runId}.json`;
}

/** Tells whether the vendor was asked to delete a recording, or an earlier intention to has been settled: that is what receipts are for. */
export function isAttempt({ attempt }: PurgeResult): boolean {
  return attempt !== undefined;
}

/** Writes the receipt of a run: in full what was attempted, and of what was refused why. What was too young is only counted. */
export function toReceiptText(head: PurgeReceiptHead, results: readonly PurgeResult[]): string {
  const { runId, archiveId, vendor, rules, signatory, startedAtMs, finishedAtMs } = head;
  const receipt = {
    schema: SCHEMA,
    tool: { name: "holdfast", version: TOOL_VERSION },
    archiveId,
    runId,
    actor: signatory.actor,
    signedBy: { principal: toPrincipal(signatory.actor), publicKey: signatory.key.publicKey.toSshLine() },
    startedAt: toIsoInstant(startedAtMs),
    finishedAt: toIsoInstant(finishedAtMs),
    vendor,
    rules: {
      copies: rules.copies,
      verifiedWithinSeconds: rules.verifiedWithinMs / 1000,
      olderThanSeconds: rules.olderThanMs / 1000,
    },
    recordings: results.filter(isAttempt),
    notAttempted: results.filter((result) => !isAttempt(result) && result.status !== "too-young"),
    tooYoung: results.filter(({ status }) => status === "too-young").length,
  };
  return `${JSON.stringify(receipt, null, 2)}\n`;
}
