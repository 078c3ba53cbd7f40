import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Finding } from "../core/finding.ts";
import type { Anchor } from "../ledger/anchor.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { LostLedger } from "../ledger/lost-ledger.ts";
import type { LedgerVerification } from "../ledger/verify-ledger.ts";
import { RecordedStates } from "./recorded-states.ts";

/** What is held against each other. */
export interface CheckLedgerPorts {
  readonly ledger: Ledger | LostLedger;
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
  // What is missing of a broken ledger would be said of the recordings.
  if (ledger instanceof LostLedger && verification.findings.some(({ kind }) => kind === "ledger-broken")) {
    return verification;
  }
  // Over a lost ledger, opening has finished nothing.
  const compare = ledger instanceof LostLedger ? compareUnopened : compareWithCatalogue;
  const findings = await takeSome(compare(states, catalogue), catalogue.traits.location);
  return { ...verification, findings: [...verification.findings, ...findings] };
}

/** Where ledger and catalogue have nothing to do with each other, each recording is a finding: not all are kept in memory. */
const MOST_TOLD = 10_000;

async function takeSome(found: AsyncIterable<Finding>, subject: string): Promise<readonly Finding[]> {
  const taken: Finding[] = [];
  let left = 0;
  for await (const finding of found) {
    if (taken.length < MOST_TOLD) taken.push(finding);
    else left += 1;
  }
  if (left === 0) return taken;
  const message = `the ledger and the catalogue differ in ${left} more recordings, which are not named here`;
  return [...taken, { kind: "ledger-broken", subject, message, detail: { found: left } }];
}

/** Holds the catalogue of an archive that is not open against what its ledger told; stores that opening it finishes are left out. */
export async function* compareUnopened(states: RecordedStates, catalogue: Catalogue): AsyncGenerator<Finding> {
  const notes = await catalogue.pending();
  // A crash between event and row leaves a note of the very sidecar that the event tells of. No other note excuses anything.
  const told = notes.filter(({ recordingId, sha256 }) => states.tells(recordingId, sha256));
  const unfinished = new Set<string>(told.map(({ recordingId }) => recordingId));
  for await (const finding of compareWithCatalogue(states, catalogue)) {
    if (!unfinished.has(finding.subject)) yield finding;
  }
}

async function* compareWithCatalogue(states: RecordedStates, catalogue: Catalogue): AsyncGenerator<Finding> {
  for await (const recording of catalogue.recordings()) {
    const finding = states.compare(recording);
    if (finding !== undefined) yield finding;
  }
  yield* states.missing();
}
