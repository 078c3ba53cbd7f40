import type { Finding } from "../core/finding.ts";
import type { Verifier } from "../signing/verifier-key.ts";
import type { AnchoredCheckpoint } from "./anchor-file.ts";
import { openCheckpoint, type SignedCheckpoint, tryParseSignedCheckpoint } from "./checkpoint.ts";
import { listCheckpoints, loadNote } from "./checkpoint-store.ts";
import { type LedgerPaths, toCheckpointName } from "./ledger-paths.ts";

/** What a checkpoint says of the ledger; whether it may be believed is not said. */
export interface HeadClaim {
  readonly checkpoint: SignedCheckpoint;
  /** The checkpoint's path, or where an anchor was read. */
  readonly where: string;
  readonly isAnchor: boolean;
}

/** What the folder of checkpoints holds. */
export interface StoredClaims {
  /** Those of fewer events first. */
  readonly claims: readonly HeadClaim[];
  readonly findings: readonly Finding[];
}

/**
 * Reads all checkpoints of a ledger.
 *
 * @throws {StorageUnavailableError} they cannot be read.
 */
export async function loadClaims(paths: LedgerPaths): Promise<StoredClaims> {
  const claims: HeadClaim[] = [];
  const findings: Finding[] = [];
  for (const { path, size } of await listCheckpoints(paths)) {
    const checkpoint = tryParseSignedCheckpoint(await loadNote(path));
    if (checkpoint === undefined) {
      findings.push(toBroken(path, "it stands among the checkpoints and is none"));
      continue;
    }
    claims.push({ checkpoint, where: path, isAnchor: false });
    if (checkpoint.size === size) continue;
    const message = `its name does not fit the ${checkpoint.size} events that it covers`;
    findings.push(toBroken(path, message, { expected: toCheckpointName(checkpoint.size) }));
  }
  if (claims.length === 0)
    findings.push(toBroken(paths.checkpoints, "there is no checkpoint: nothing vouches for any event"));
  return { claims: claims.sort((a, b) => a.checkpoint.size - b.checkpoint.size), findings };
}

/** Takes the anchored checkpoints that speak of one ledger. */
export function toAnchorClaims(anchors: readonly AnchoredCheckpoint[], origin: string): readonly HeadClaim[] {
  return anchors
    .filter((checkpoint) => checkpoint.origin === origin)
    .map((checkpoint) => ({ checkpoint, where: checkpoint.where, isAnchor: true }));
}

/** Says what is wrong with a claim's signature, if anything is. */
export function findSignatureFault(claim: HeadClaim, verifiers: readonly Verifier[]): Finding | undefined {
  const opened = openCheckpoint(claim.checkpoint.note, verifiers);
  if (!("problem" in opened)) return undefined;
  const message = `the checkpoint of ${claim.checkpoint.size} events proves nothing: ${opened.problem}`;
  return { kind: "signature-invalid", subject: claim.where, message, detail: {} };
}

/** Says what is wrong with a ledger, in one sentence. */
export function toBroken(subject: string, message: string, detail: Finding["detail"] = {}): Finding {
  return { kind: "ledger-broken", subject, message, detail };
}
