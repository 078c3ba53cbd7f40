import type { PendingSidecar } from "../catalogue/catalogue.ts";
import type { LedgerEntry } from "../core/ledger-event.ts";
import type { Ledger } from "../ledger/ledger.ts";

/** What a note says of a record that is about to be written. */
export type PendingRecord = Omit<PendingSidecar, "ledgerSize" | "proof">;

/**
 * Makes the note of a record that is about to be written, and vouches for it: the catalogue is a file that others may be able
 * to write to, and what a note says is done when the archive is opened next.
 */
export function toPendingNote(record: PendingRecord, ledger: Pick<Ledger, "size" | "vouch">): PendingSidecar {
  const ledgerSize = ledger.size;
  return { ...record, ledgerSize, proof: ledger.vouch(toStatement(record, ledgerSize)) };
}

/** Tells whether a note is one that we made. */
export function isOwnNote(
  { proof, ledgerSize, ...record }: PendingSidecar,
  ledger: Pick<Ledger, "vouchesFor">,
): boolean {
  return ledger.vouchesFor(toStatement(record, ledgerSize), proof);
}

/**
 * Gives what the ledger was told of the recording since the note was made: nothing, when the crash came before; else it tells
 * whether it was this record. One that was told of another since is an old note that somebody has put back.
 */
export async function findTold(
  { recordingId, sha256, ledgerSize }: PendingSidecar,
  ledger: Pick<Ledger, "entries">,
): Promise<"nothing" | "this" | "another"> {
  let told: LedgerEntry | undefined;
  for await (const entry of ledger.entries({ from: ledgerSize })) {
    if (entry.subject === recordingId && entry.digests?.["sidecar"] !== undefined) told = entry;
  }
  if (told === undefined) return "nothing";
  return told.digests?.["sidecar"] === sha256 ? "this" : "another";
}

function toStatement(record: PendingRecord, ledgerSize: number): string {
  const { recordingId, key, sha256, originalSha256, isKeyInSidecar } = record;
  return JSON.stringify([recordingId, key, sha256, originalSha256, isKeyInSidecar, ledgerSize]);
}
