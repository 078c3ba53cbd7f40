import { join } from "node:path";

/** Where the parts of a ledger lie. */
export interface LedgerPaths {
  readonly folder: string;
  /** The events: all else follows from them, or vouches for them. */
  readonly events: string;
  readonly checkpoints: string;
  /** The verifier key now in use, for a reader's comfort. */
  readonly verifierKey: string;
  /** Caches. */
  readonly hashes: string;
  readonly offsets: string;
}

export function toLedgerPaths(folder: string): LedgerPaths {
  return {
    folder,
    events: join(folder, "events.ndjson"),
    checkpoints: join(folder, "checkpoints"),
    verifierKey: join(folder, "ledger.pub"),
    hashes: join(folder, "hashes"),
    offsets: join(folder, "offsets"),
  };
}

const SIZE_DIGITS = 12;

/** Gives the name of the checkpoint of so many events: such names stand in the order of the sizes. */
export function toCheckpointName(size: number): string {
  return String(size).padStart(SIZE_DIGITS, "0");
}

/** Names the log in its checkpoints, and the key that signs them. */
export function toOrigin(archiveId: string): string {
  return `holdfast/ledger/${archiveId}`;
}
