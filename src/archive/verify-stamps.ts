import { toIsoInstant } from "../core/clock.ts";
import type { Finding } from "../core/finding.ts";
import { NotFoundError } from "../io/errors.ts";
import { loadNote } from "../ledger/checkpoint-store.ts";
import { listStamps, loadStamp, type StampFile } from "../ledger/stamp-store.ts";
import { type TimestampGrounds, verifyTimestamp } from "../timestamp/verify-timestamp.ts";

/** A time stamp on a checkpoint. */
export interface VerifiedStamp {
  readonly path: string;
  /** The checkpoint that was there at that time. */
  readonly checkpoint: string;
  readonly stampedAt: string;
  /** Who says so: proven only where the chain is verified. */
  readonly authority: string;
  readonly chain: "verified" | "not-checked";
  readonly remarks: readonly string[];
}

/** The time stamps on a ledger's checkpoints. */
export interface StampVerification {
  /** Those that fit. */
  readonly stamps: readonly VerifiedStamp[];
  readonly findings: readonly Finding[];
}

/** Holds the time stamps in a ledger's folder against the checkpoints that they lie beside. */
export async function verifyStamps(ledgerFolder: string, grounds: TimestampGrounds): Promise<StampVerification> {
  const stamps: VerifiedStamp[] = [];
  const findings: Finding[] = [];
  for (const file of await listStamps(ledgerFolder)) {
    const verdict = await verifyStamp(file, grounds);
    if ("problem" in verdict) findings.push(toInvalid(file, verdict.problem));
    else stamps.push(verdict);
  }
  return { stamps, findings };
}

async function verifyStamp(
  { path, checkpointPath }: StampFile,
  grounds: TimestampGrounds,
): Promise<VerifiedStamp | { readonly problem: string }> {
  const note = await tryLoadNote(checkpointPath);
  if (note === undefined) return { problem: "the checkpoint that was stamped is gone" };
  const verdict = verifyTimestamp(await loadStamp(path), Buffer.from(note), grounds);
  if ("problem" in verdict) return verdict;
  const { timeMs, tsa, chain, remarks } = verdict;
  return { path, checkpoint: checkpointPath, stampedAt: toIsoInstant(timeMs), authority: tsa, chain, remarks };
}

async function tryLoadNote(path: string): Promise<string | undefined> {
  try {
    return await loadNote(path);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

function toInvalid({ path }: StampFile, problem: string): Finding {
  return { kind: "signature-invalid", subject: path, message: `the time stamp proves nothing: ${problem}`, detail: {} };
}
