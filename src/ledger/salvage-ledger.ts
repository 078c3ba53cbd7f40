import { createHash } from "node:crypto";
import { parseSha256, type Sha256Hex } from "../core/digest.ts";
import type { EventType, LedgerEntry } from "../core/ledger-event.ts";
import { NotFoundError } from "../io/errors.ts";
import type { PublicKey } from "../signing/public-key.ts";
import type { AnchoredCheckpoint } from "./anchor-file.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { listCheckpoints } from "./checkpoint-store.ts";
import { tryParseEntryLine } from "./entry-line.ts";
import { loadClaims, toAnchorClaims } from "./head-claim.ts";
import { toLedgerPaths, toOrigin } from "./ledger-paths.ts";
import { type LedgerLine, LINE_FEED, readLedgerLines } from "./read-ledger-lines.ts";
import { verifyLedger } from "./verify-ledger.ts";

/** What is to be saved of a ledger, and what it is held against. */
export interface SalvageOptions {
  readonly archiveId: string;
  /** That may have signed it. */
  readonly publicKeys: readonly PublicKey[];
  readonly anchors: readonly AnchoredCheckpoint[];
  /** Of the events that are wanted. */
  readonly types: readonly EventType[];
  readonly signal?: AbortSignal | undefined;
}

/** An event of a broken ledger. */
export interface SalvagedEvent {
  readonly entry: LedgerEntry;
  /** Whether a checkpoint that one of the keys has signed covers it: it is as it was written. */
  readonly isProven: boolean;
}

/** What a broken ledger still tells, and what is known of the rest. */
export interface SalvagedLedger {
  /** Of the wanted types, in the order of the file. */
  readonly events: readonly SalvagedEvent[];
  /** Of the file of the events; undefined when it is gone. */
  readonly file: { readonly bytes: number; readonly sha256: Sha256Hex } | undefined;
  /** How many lines there are, whatever they hold. */
  readonly lines: number;
  /** How many of them, from the first on, are proven. */
  readonly proven: number;
  /** How many events the checkpoint of the most claims that there were, whether or not it can be believed; 0 without one. */
  readonly claimed: number;
  /** The stored checkpoint of the most events, as it stands there: nobody has looked at its signature. */
  readonly newest: Checkpoint | undefined;
  /** Lines behind what is proven that are no events. */
  readonly unreadable: number;
  /** Events behind what is proven whose number is not that of their place. */
  readonly misplaced: number;
}

/**
 * Reads what can be read of a ledger that does not fit. Nothing is changed, and memory grows with the wanted events alone.
 *
 * @throws {StorageUnavailableError} it cannot be read.
 */
export async function salvageLedger(folder: string, options: SalvageOptions): Promise<SalvagedLedger> {
  const { archiveId, anchors } = options;
  const paths = toLedgerPaths(folder);
  const newest = (await loadClaims(paths)).claims.at(-1)?.checkpoint;
  const anchored = toAnchorClaims(anchors, toOrigin(archiveId)).map(({ checkpoint }) => checkpoint.size);
  const proven = await countProven(folder, options);
  // A checkpoint that cannot be read states its size all the same.
  const named = (await listCheckpoints(paths)).map(({ size }) => size ?? 0);
  const claimed = Math.max(newest?.size ?? 0, ...named, ...anchored);
  return { ...(await readIfThere(paths.events, { ...options, proven })), proven, claimed, newest };
}

async function countProven(folder: string, options: SalvageOptions): Promise<number> {
  const { archiveId, publicKeys, anchors, signal } = options;
  let proven = 0;
  for (const publicKey of publicKeys) {
    const { head } = await verifyLedger(folder, { archiveId, publicKey, anchors, signal });
    proven = Math.max(proven, head?.size ?? 0);
  }
  return proven;
}

type ReadEvents = Omit<SalvagedLedger, "proven" | "claimed" | "newest">;
type ReadingOptions = Pick<SalvageOptions, "types" | "signal"> & Pick<SalvagedLedger, "proven">;

async function readIfThere(path: string, options: ReadingOptions): Promise<ReadEvents> {
  try {
    return await readEvents(path, options);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    return { events: [], file: undefined, lines: 0, unreadable: 0, misplaced: 0 };
  }
}

async function readEvents(path: string, { signal, ...options }: ReadingOptions): Promise<ReadEvents> {
  const reading = new SalvageReading(options);
  for await (const lines of readLedgerLines(path, undefined, signal)) for (const line of lines) reading.see(line);
  return reading.toRead();
}

/** Gathers what is wanted of a file's lines, and counts the rest. */
class SalvageReading {
  readonly #wanted: ReadonlySet<EventType>;
  readonly #proven: number;
  readonly #events: SalvagedEvent[] = [];
  readonly #hash = createHash("sha256");
  #bytes = 0;
  #lines = 0;
  #unreadable = 0;
  #misplaced = 0;

  constructor({ types, proven }: Omit<ReadingOptions, "signal">) {
    this.#wanted = new Set(types);
    this.#proven = proven;
  }

  see({ bytes, isWhole }: LedgerLine): void {
    this.#take(bytes);
    const entry = isWhole ? tryParseEntryLine(bytes) : undefined;
    const isProven = this.#lines < this.#proven;
    if (entry !== undefined && this.#wanted.has(entry.type)) this.#events.push({ entry, isProven });
    if (!isProven && entry === undefined) this.#unreadable += 1;
    if (!isProven && entry !== undefined && entry.seq !== this.#lines) this.#misplaced += 1;
    if (!isWhole) return;
    this.#take(Buffer.of(LINE_FEED));
    this.#lines += 1;
  }

  toRead(): ReadEvents {
    const sha256 = parseSha256(this.#hash.digest("hex"));
    return {
      events: this.#events,
      file: { bytes: this.#bytes, sha256 },
      lines: this.#lines,
      unreadable: this.#unreadable,
      misplaced: this.#misplaced,
    };
  }

  #take(bytes: Buffer): void {
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }
}
