import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Finding } from "../core/finding.ts";
import type { Anchor } from "../ledger/anchor.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { LedgerVerification } from "../ledger/verify-ledger.ts";
import { RecordedStates } from "./recorded-states.ts";

/** What is held against each other. */
export interface CheckLedgerPorts {
  readonly ledger: Pick<Ledger, "verify">;
  readonly catalogue: Catalogue;
  /** What is kept outside the archive is held against the ledger too. */
  readonly anchors: readonly Anchor[];
}

/**
 * Reads the whole ledger, holds it against its checkpoints, and the catalogue against what it tells: who replaced a file, its
 * sidecar and its row together has not replaced the event.
 */
export async function checkLedger(
  { ledger, catalogue, anchors }: CheckLedgerPorts,
  signal: AbortSignal | undefined,
): Promise<LedgerVerification> {
  const states = new RecordedStates();
  const anchored = (await Promise.all(anchors.map((anchor) => anchor.checkpoints()))).flat();
  const verification = await ledger.verify({ anchors: anchored, onEntry: (entry) => states.enter(entry), signal });
  const findings: Finding[] = [];
  for await (const finding of compareWithCatalogue(states, catalogue)) findings.push(finding);
  return { ...verification, findings: [...verification.findings, ...findings] };
}

/**
 * Holds a catalogue against what a ledger told. Stores that a crash cut short are left out: opening the archive finishes them.
 */
export async function* compareWithCatalogue(states: RecordedStates, catalogue: Catalogue): AsyncGenerator<Finding> {
  const unfinished = new Set<string>((await catalogue.pending()).map(({ recordingId }) => recordingId));
  for await (const recording of catalogue.recordings()) {
    const finding = states.compare(recording);
    if (finding !== undefined && !unfinished.has(recording.recordingId)) yield finding;
  }
  for (const finding of states.missing()) if (!unfinished.has(finding.subject)) yield finding;
}
