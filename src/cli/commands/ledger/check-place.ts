import { compareUnopened } from "../../../archive/check-ledger.ts";
import { RecordedStates } from "../../../archive/recorded-states.ts";
import { type VerifiedStamp, verifyStamps } from "../../../archive/verify-stamps.ts";
import type { Finding } from "../../../core/finding.ts";
import type { Collection } from "../../../core/sequence.ts";
import type { AnchoredCheckpoint } from "../../../ledger/anchor-file.ts";
import { toOrigin } from "../../../ledger/ledger-paths.ts";
import { type LedgerVerification, verifyLedger } from "../../../ledger/verify-ledger.ts";
import type { TrustedCertificates } from "../../../timestamp/trusted-certificates.ts";
import type { CommandContext } from "../../command.ts";
import { CountedEvents } from "./counted-events.ts";
import type { LedgerPlace } from "./ledger-place.ts";
import type { Trust } from "./load-trust.ts";
import type { Comparison } from "./open-comparison.ts";

/** What a ledger is held against. */
export interface LedgerGrounds {
  readonly comparison: Comparison;
  readonly trust: Trust | undefined;
  readonly trusted: TrustedCertificates | undefined;
  readonly anchors: readonly AnchoredCheckpoint[];
}

/** What came of it, beside the findings. */
export interface LedgerCheck {
  readonly ledger: LedgerVerification;
  /** Why the catalogue was not compared with the events; undefined when it was. */
  readonly notCompared: string | undefined;
  /** Those that fit. */
  readonly stamps: readonly VerifiedStamp[];
}

/** Checks a ledger, the catalogue against it, and the time stamps on its checkpoints; what is found is added to `findings`. */
export async function checkPlace(
  { folder, archiveId }: LedgerPlace,
  { comparison, trust, trusted, anchors }: LedgerGrounds,
  { findings, context }: { readonly findings: Collection<Finding>; readonly context: CommandContext },
): Promise<LedgerCheck> {
  const { clock, signal, output } = context;
  const states = new RecordedStates();
  const counted = new CountedEvents(output, clock);
  const ledger = await verifyLedger(folder, {
    archiveId,
    publicKey: trust?.publicKey,
    anchors,
    isGrowing: comparison.catalogue === undefined && comparison.isLocked,
    onEntry: (entry) => {
      counted.add();
      states.enter(entry);
    },
    signal,
  });
  for (const finding of [...ledger.findings, ...findForeign(anchors, archiveId)]) findings.push(finding);
  if (comparison.catalogue !== undefined) {
    for await (const finding of compareUnopened(states, comparison.catalogue)) findings.push(finding);
  }
  const stamped = await verifyStamps(folder, { trusted, nowMs: clock.now() });
  for (const finding of stamped.findings) findings.push(finding);
  const notCompared = comparison.catalogue === undefined ? comparison.reason : undefined;
  return { ledger, notCompared, stamps: stamped.stamps };
}

/** An anchor that knows other archives alone may be this one's, from before somebody gave it another id. */
function findForeign(anchors: readonly AnchoredCheckpoint[], archiveId: string): readonly Finding[] {
  const [first] = anchors;
  const expected = toOrigin(archiveId);
  if (first === undefined || anchors.some(({ origin }) => origin === expected)) return [];
  const message =
    "nothing that is held outside is of this archive: either it is the anchor of another one, or the archive's id was changed";
  return [{ kind: "ledger-broken", subject: first.where, message, detail: { expected, found: first.origin } }];
}
