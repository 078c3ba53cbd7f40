import type { Sha256Hex } from "./digest.ts";

/** What a ledger tells of. Types are added, never renamed; `docs/ledger.md` describes each. */
export const EVENT_TYPES = [
  "ledger-begun",
  "ledger-mended",
  "key-changed",
  "adopted",
  "fetched",
  "proven",
  "noticed",
  "converted",
  "encrypted",
  "settled",
  "reindexed",
  "verified",
  "healed",
  "quarantined",
  "held",
  "released",
  "removed",
  "purge-intended",
  "purged",
  "exported",
  "read",
  "key-used",
  "key-rewrapped",
  "key-destroyed",
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Something that was done to, or with, what an archive holds. */
export interface LedgerEvent {
  readonly type: EventType;
  /** The recording, the case, or, for what is about all of it, the archive's id. */
  readonly subject: string;
  /** What it is about, by name: `original`, `sidecar`, `derivative`, `items` … */
  readonly digests?: Readonly<Record<string, Sha256Hex>> | undefined;
  /** What else a reader needs; JSON-safe, without secrets. */
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
}

/** An event as it stands in the ledger. */
export interface LedgerEntry extends LedgerEvent {
  /** Its place, from 0 on without gaps: the index of its leaf in the Merkle tree. */
  readonly seq: number;
  /** An instant in UTC. */
  readonly at: string;
  /** Who did it, as the operating system or the operator names them. */
  readonly actor: string;
  /** The opening of the archive that it was written in. */
  readonly run: string;
}
