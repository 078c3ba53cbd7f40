import type { Finding } from "../core/finding.ts";
import type { LedgerEntry } from "../core/ledger-event.ts";
import { NotFoundError } from "../io/errors.ts";
import type { PublicKey } from "../signing/public-key.ts";
import { tryParseVerifierKey, type Verifier } from "../signing/verifier-key.ts";
import type { AnchoredCheckpoint } from "./anchor-file.ts";
import type { SignedCheckpoint } from "./checkpoint.ts";
import { findSignatureFault, type HeadClaim, loadClaims, toAnchorClaims, toBroken } from "./head-claim.ts";
import { findMissingCheckpoints, type Judgement, judgeHeads, type SeenEvents } from "./judge-heads.ts";
import { type LedgerPast, LedgerPastReader } from "./ledger-past.ts";
import { type LedgerPaths, toLedgerPaths, toOrigin } from "./ledger-paths.ts";
import { tryNameChangedEvent } from "./name-changed-event.ts";
import { tryLoadVerifierKey } from "./verifier-key-file.ts";
import { type Walk, walkEvents } from "./walk-events.ts";

/** What a ledger is held against. */
export interface VerifyLedgerOptions {
  readonly archiveId: string;
  /** The newest checkpoint must be signed by it; without one, the key that lies beside the ledger is believed. */
  readonly publicKey: PublicKey | undefined;
  /** Those of other ledgers are passed over. */
  readonly anchors: readonly AnchoredCheckpoint[];
  /** Is called with every event in the order of the file, before anything is known of whether it is the one that was written. */
  readonly onEntry?: ((entry: LedgerEntry) => void) | undefined;
  /** Whether another process may be writing: half a line at the end is then no finding. @default false */
  readonly isGrowing?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is known of a ledger that was read from beginning to end. */
export interface LedgerVerification extends LedgerPast {
  /** How many events there are: whole lines, whatever they hold. */
  readonly size: number;
  /** How many stored checkpoints have a good signature and fit the events. */
  readonly checkpoints: number;
  /** How many anchored ones do: with none, nobody outside the archive speaks for the ledger. */
  readonly anchors: number;
  /** The checkpoint of the most events that has a good signature and fits them. */
  readonly head: SignedCheckpoint | undefined;
  /** Events behind the head: nothing proves them. */
  readonly unsignedEvents: number;
  /** Whose key was believed: one that was given, or the one beside the ledger, which whoever changed the ledger can change. */
  readonly trust: "given-key" | "key-beside";
  readonly findings: readonly Finding[];
}

/**
 * Reads a whole ledger and holds it against its checkpoints, and those that are kept elsewhere. Memory does not grow with
 * the number of events.
 *
 * @throws {StorageUnavailableError} it cannot be read.
 */
export async function verifyLedger(folder: string, options: VerifyLedgerOptions): Promise<LedgerVerification> {
  const { archiveId, publicKey, anchors, onEntry, isGrowing, signal } = options;
  const paths = toLedgerPaths(folder);
  const origin = toOrigin(archiveId);
  const stored = await loadClaims(paths);
  const claims = [...stored.claims, ...toAnchorClaims(anchors, origin)];
  const sizes = claims.map(({ checkpoint }) => checkpoint.size);
  const walk = await walkIfThere(paths, { sizes, isGrowing, onEntry, signal });
  const seen = { path: paths.events, size: walk.size, waypoints: walk.waypoints };
  const key = publicKey === undefined ? await tryLoadKeyBeside(paths, origin) : { name: origin, publicKey };
  const signed = splitSigned(claims, key === undefined ? [] : [key], { walk, seen, origin });
  const judgement = judgeHeads(signed.claims, seen);
  const head = judgement.good.at(-1)?.checkpoint;
  return {
    size: walk.size,
    checkpoints: judgement.good.filter(({ isAnchor }) => !isAnchor).length,
    anchors: judgement.good.filter(({ isAnchor }) => isAnchor).length,
    head,
    unsignedEvents: walk.size - (head?.size ?? 0),
    ...walk.past.toPast(head?.size ?? 0),
    trust: publicKey === undefined ? "key-beside" : "given-key",
    findings: [
      ...stored.findings,
      ...(key === undefined ? [toKeyless(paths)] : signed.findings),
      ...walk.findings,
      ...(await nameChange(paths, judgement, seen)),
      ...findMissingCheckpoints(judgement.good, paths.checkpoints),
    ],
  };
}

async function walkIfThere(paths: LedgerPaths, options: Parameters<typeof walkEvents>[1]): Promise<Walk> {
  try {
    return await walkEvents(paths.events, options);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    const findings = [toBroken(paths.events, "the events are gone")];
    return { size: 0, waypoints: new Map(), namedKeys: [], past: new LedgerPastReader(), findings };
  }
}

async function tryLoadKeyBeside(paths: LedgerPaths, origin: string): Promise<Verifier | undefined> {
  const verifier = tryParseVerifierKey((await tryLoadVerifierKey(paths)) ?? "");
  return verifier?.name === origin ? verifier : undefined;
}

interface Signed {
  /** Those of fewer events first. */
  readonly claims: readonly HeadClaim[];
  readonly findings: readonly Finding[];
}

/**
 * Takes the claims with good signatures. The newest stored one must be signed by the key now in use; the others may be by one
 * that an event names, if the newest vouches for that event.
 */
function splitSigned(
  claims: readonly HeadClaim[],
  keys: readonly Verifier[],
  { walk, seen, origin }: { readonly walk: Walk; readonly seen: SeenEvents; readonly origin: string },
): Signed {
  const newest = claims.findLast(({ isAnchor }) => !isAnchor);
  const vouchedSize = newest !== undefined && vouches(newest, keys, seen) ? newest.checkpoint.size : 0;
  const named = walk.namedKeys
    .filter(({ seq }) => seq < vouchedSize)
    .map(({ verifierKey }) => tryParseVerifierKey(verifierKey));
  const former = named.filter((verifier) => verifier?.name === origin).filter((verifier) => verifier !== undefined);
  const taken: HeadClaim[] = [];
  const findings: Finding[] = [];
  for (const claim of claims) {
    const fault = findSignatureFault(claim, [...keys, ...former]);
    if (fault === undefined) taken.push(claim);
    else findings.push(fault);
  }
  return { claims: taken.sort((a, b) => a.checkpoint.size - b.checkpoint.size), findings };
}

function vouches(claim: HeadClaim, keys: readonly Verifier[], { waypoints }: SeenEvents): boolean {
  const { size, root } = claim.checkpoint;
  return findSignatureFault(claim, keys) === undefined && waypoints.get(size)?.root.equals(root) === true;
}

function toKeyless({ verifierKey }: LedgerPaths): Finding {
  const message = "no key was given and none lies beside the ledger: no signature could be checked";
  return { kind: "signature-invalid", subject: verifierKey, message, detail: {} };
}

async function nameChange(
  paths: LedgerPaths,
  { changed, findings }: Judgement,
  seen: SeenEvents,
): Promise<readonly Finding[]> {
  const event = changed && (await tryNameChangedEvent(paths, changed, seen));
  if (event === undefined) return findings;
  const message = `by the cache of hashes, which is not signed itself, event ${event.seq} is the first that is not as it was written`;
  return [...findings, toBroken(paths.events, message, { byteOffset: event.byteOffset })];
}
