import { type Clock, toIsoInstant } from "../core/clock.ts";
import type { Sha256Hex } from "../core/digest.ts";
import type { EventType, LedgerEntry, LedgerEvent } from "../core/ledger-event.ts";
import { isThere } from "../io/is-there.ts";
import { signNote } from "../signing/note.ts";
import type { PublicKey } from "../signing/public-key.ts";
import type { SigningKey } from "../signing/signing-key.ts";
import { toVerifierKey } from "../signing/verifier-key.ts";
import type { Anchor } from "./anchor.ts";
import { AppendQueue } from "./append-queue.ts";
import { type Checkpoint, formatCheckpoint, openCheckpoint, type SignedCheckpoint } from "./checkpoint.ts";
import { storeCheckpoint } from "./checkpoint-store.ts";
import { toEntryLine, toLineRest, toUnplaced } from "./entry-line.ts";
import { LedgerBrokenError } from "./errors.ts";
import type { EventFile } from "./event-file.ts";
import { findEntries, readEntries } from "./find-entries.ts";
import type { Leaf, LedgerIndex } from "./ledger-index.ts";
import { type LedgerPaths, toLedgerPaths, toOrigin } from "./ledger-paths.ts";
import { hashLeaf } from "./merkle/tree-hash.ts";
import { type FoundLedger, findLedger, growBy, makeLedgerFiles } from "./open-ledger.ts";
import { type EventAt, tryReadEventAt } from "./read-event-at.ts";
import { type LedgerLine, readLedgerLines } from "./read-ledger-lines.ts";
import { replayEvents } from "./replay.ts";
import { storeVerifierKey } from "./verifier-key-file.ts";
import { type LedgerVerification, type VerifyLedgerOptions, verifyLedger } from "./verify-ledger.ts";

/** How {@link Ledger.open} is to be done. */
export interface OpenLedgerOptions {
  readonly archiveId: string;
  /** Signs the checkpoints from now on. */
  readonly key: SigningKey;
  /** What signed until now, when `key` is a new one; without it, a ledger that another key has signed is refused. */
  readonly previousKey?: PublicKey | undefined;
  readonly actor: string;
  /** Names this opening of the archive. */
  readonly run: string;
  readonly clock: Clock;
  /** Whether a ledger that is not there is begun. */
  readonly create: boolean;
  /** What the first event tells of the ledger whose place a new one takes. @default nothing */
  readonly previous?: Readonly<Record<string, unknown>> | undefined;
  /** What the events must extend before the first is written. @default nothing */
  readonly anchors?: readonly Pick<Anchor, "assertFits">[] | undefined;
}

/** What a run that was killed has left; it is written down as `ledger-mended`. */
export interface LedgerMend {
  /** How long the half line was that was cut off; 0 when there was none. */
  readonly cutBytes: number;
  /** Of the bytes that were cut off. */
  readonly sha256?: Sha256Hex | undefined;
  /** Events that no checkpoint covered: they were taken as they stood, for nothing proves them. */
  readonly unsignedEvents: number;
}

/** A part of a ledger's events, by their numbers. */
export interface EntryRange {
  /** @default 0 */
  readonly from?: number | undefined;
  /** The first one that is left out. @default all that are durable when the reading begins */
  readonly to?: number | undefined;
}

/**
 * An append-only log of events with a Merkle tree over them, whose head is signed as a checkpoint. One process at a time
 * may have it open: who opens it holds the archive's lock.
 *
 * Reading gives what stands on disk, which is not proven by being read; `verifyLedger` tells whether it is what was written.
 *
 * @see RFC 9162 section 2.1
 */
export class Ledger {
  readonly #paths: LedgerPaths;
  readonly #options: OpenLedgerOptions;
  readonly #file: EventFile;
  readonly #index: LedgerIndex;
  readonly #queue = new AppendQueue<string>((rests) => this.#writeBatch(rests));
  #size: number;
  #newest: SignedCheckpoint | undefined;
  /** What was mended when the ledger was opened. */
  readonly mended: LedgerMend | undefined;

  private constructor(paths: LedgerPaths, options: OpenLedgerOptions, found: FoundLedger) {
    this.#paths = paths;
    this.#options = options;
    this.#file = found.file;
    this.#index = found.index;
    this.#size = found.index.size;
    this.#newest = found.newest;
    this.mended = toMend(found);
  }

  /**
   * Opens a ledger. Of what the newest checkpoint covers hardly anything is read. A torn last line is cut off; that, and
   * events that no checkpoint covers, are written down in an event.
   *
   * @throws {LedgerBrokenError} it is not there, or does not fit its newest checkpoint or an anchor, or is not signed by the key.
   * @throws {StorageFullError} no space left.
   * @throws {StorageUnavailableError} any other failure of the file system.
   */
  static async open(folder: string, options: OpenLedgerOptions): Promise<Ledger> {
    const { archiveId, key, previousKey, create } = options;
    const paths = toLedgerPaths(folder);
    if (create) await makeLedgerFiles(paths);
    else if (!(await isThere(paths.events))) throw new LedgerBrokenError(`the ledger is gone: ${folder}`);
    const keys = previousKey === undefined ? [key.publicKey] : [key.publicKey, previousKey];
    const ledger = new Ledger(paths, options, await findLedger(paths, { archiveId, keys }));
    try {
      for (const anchor of options.anchors ?? []) await anchor.assertFits(ledger);
      await ledger.#takeUp();
    } catch (error) {
      ledger.#index.close();
      throw error;
    }
    return ledger;
  }

  /** The log's name in its checkpoints. */
  get origin(): string {
    return toOrigin(this.#options.archiveId);
  }

  /** The key that signs its checkpoints now, as readers of signed notes take it. */
  get verifierKey(): string {
    return toVerifierKey(this.origin, this.#options.key.publicKey);
  }

  /** How many events there are. */
  get size(): number {
    return this.#size;
  }

  /**
   * Appends events, one behind the other; all are durable when it resolves. What is appended while others are being written
   * goes to disk together. After a failure nothing of them is kept, and the next append is a new try.
   *
   * @throws {LedgerBrokenError} the file of the events is not as this process left it.
   * @throws {NotFoundError} it was removed.
   * @throws {StorageFullError} no space left.
   * @throws {StorageUnavailableError} any other failure of the file system.
   */
  async append(events: readonly LedgerEvent[]): Promise<readonly LedgerEntry[]> {
    if (events.length === 0) return [];
    const { actor, run, clock } = this.#options;
    const at = toIsoInstant(clock.now());
    const unplaced = events.map((event) => toUnplaced(event, { at, actor, run }));
    const firstSeq = await this.#queue.append(unplaced.map(toLineRest));
    return unplaced.map(({ type, subject, digests, detail }, index) => {
      return { seq: firstSeq + index, at, actor, run, type, subject, digests, detail };
    });
  }

  /**
   * Reads events in order.
   *
   * @throws {LedgerBrokenError} a line is no event, or not the one that must follow.
   */
  async *entries({ from = 0, to = Number.POSITIVE_INFINITY }: EntryRange = {}): AsyncGenerator<LedgerEntry> {
    const { path, endByte } = this.#file;
    const startByte = from < this.#size ? this.#index.byteOffsetOf(from) : 0;
    const isThere = (await tryReadEventAt(path, startByte))?.entry.seq === from;
    const span = isThere ? { startSeq: from, startByte, endByte } : { startSeq: 0, startByte: 0, endByte };
    for await (const entry of readEntries(path, span)) {
      if (entry.seq >= to) return;
      if (entry.seq >= from) yield entry;
    }
  }

  /**
   * Finds the events of some types, in order; many times faster than reading all when they are few.
   *
   * @throws {LedgerBrokenError} a line that names one of them is no event.
   */
  find(types: readonly EventType[]): AsyncGenerator<LedgerEntry> {
    return findEntries(this.#file.path, { types, endByte: this.#file.endByte });
  }

  /**
   * Reads one event.
   *
   * @throws {LedgerBrokenError} it does not stand where it was written.
   */
  async entry(seq: number): Promise<LedgerEntry> {
    return (await this.#checked(() => this.#tryLocate(seq))).entry;
  }

  /**
   * Reads one event as it stands in the file, without its line feed: what its leaf is made of.
   *
   * @throws {LedgerBrokenError} it does not stand where it was written.
   */
  async line(seq: number): Promise<string> {
    return (await this.#checked(() => this.#tryLocate(seq))).line.toString();
  }

  /**
   * Reads the lines of all events that are durable when the reading begins, in batches. Nobody has looked at them, and they are
   * good only until the next batch is asked for.
   *
   * @throws {NotFoundError} the file was removed.
   */
  lines(signal?: AbortSignal): AsyncGenerator<readonly LedgerLine[]> {
    const { path, endByte } = this.#file;
    return readLedgerLines(path, { startByte: 0, endByte }, signal);
  }

  /**
   * Gives of each event the hashes that lead from it to the root over the first `size` events, for whoever has the lines already.
   *
   * @throws {LedgerBrokenError} a leaf is not that of the event that was written.
   * @see RFC 9162 section 2.1.3
   */
  proveLeaves(leaves: readonly Leaf[], size: number): Promise<readonly (readonly Buffer[])[]> {
    return this.#checked(async () => this.#index.proveLeaves(leaves, size));
  }

  /**
   * Gives the hashes that lead from an event to the root over the first `size` events.
   *
   * @param size - @default all events
   * @throws {LedgerBrokenError} the event on disk is not the one that was written.
   * @see RFC 9162 section 2.1.3
   */
  proveInclusion(seq: number, size = this.#size): Promise<readonly Buffer[]> {
    return this.#checked(async () => {
      const event = await this.#tryLocate(seq);
      return event && this.#index.proveInclusion(seq, size, hashLeaf(event.line));
    });
  }

  /**
   * Gives the hashes that show that the first `to` events begin with the first `from`.
   *
   * @param to - @default all events
   * @throws {LedgerBrokenError} the events on disk are not those that were written.
   * @see RFC 9162 section 2.1.4
   */
  proveConsistency(from: number, to = this.#size): Promise<readonly Buffer[]> {
    return this.#checked(async () => this.#index.proveConsistency(from, to));
  }

  /**
   * Tells whether a checkpoint is one of this ledger's, as it now is: its root is that over the first events.
   *
   * @throws {LedgerBrokenError} the events on disk are not those that were written.
   */
  async includes({ origin, size, root }: Checkpoint): Promise<boolean> {
    if (origin !== toOrigin(this.#options.archiveId) || size > this.#size) return false;
    return root.equals(await this.#checked(async () => this.#index.rootAt(size)));
  }

  /**
   * Signs the head, durably, if events were added since the newest checkpoint.
   *
   * @returns undefined when none were.
   * @throws {StorageFullError} no space left.
   * @throws {StorageUnavailableError} any other failure of the file system.
   */
  checkpoint(): Promise<SignedCheckpoint | undefined> {
    return this.#queue.exclusively(async () => {
      if (this.#size === this.#newest?.size) return undefined;
      this.#index.flush();
      const origin = toOrigin(this.#options.archiveId);
      const head = { origin, size: this.#size, root: this.#index.root() };
      const signed = { ...head, note: signNote(formatCheckpoint(head), { name: origin, key: this.#options.key }) };
      await storeCheckpoint(this.#paths, signed);
      this.#newest = signed;
      return signed;
    });
  }

  /** Reads all of it from disk and holds it against its checkpoints; see {@link verifyLedger}. */
  verify(options: Omit<VerifyLedgerOptions, "archiveId" | "publicKey">): Promise<LedgerVerification> {
    const { archiveId, key } = this.#options;
    return verifyLedger(this.#paths.folder, { archiveId, publicKey: key.publicKey, ...options });
  }

  /** Gives what shows that a statement is one of whoever has this ledger's key; it is no part of the ledger. */
  vouch(statement: string): string {
    return this.#options.key.sign(this.#toVouched(statement)).toString("base64");
  }

  /** Tells whether {@link vouch} gave this for the statement. */
  vouchesFor(statement: string, proof: string): boolean {
    const { key, previousKey } = this.#options;
    const signature = Buffer.from(proof, "base64");
    const keys = previousKey === undefined ? [key.publicKey] : [key.publicKey, previousKey];
    return keys.some((publicKey) => publicKey.verify(this.#toVouched(statement), signature));
  }

  newestCheckpoint(): SignedCheckpoint | undefined {
    return this.#newest;
  }

  /** Waits for what is being written, and closes the files. Nothing is signed. */
  close(): Promise<void> {
    return this.#queue.exclusively(async () => {
      try {
        this.#index.flush();
      } finally {
        this.#index.close();
      }
    });
  }

  /** Begins like no checkpoint, so that neither passes for the other. */
  #toVouched(statement: string): Buffer {
    return Buffer.from(`holdfast.statement/1\n${this.origin}\n${statement}\n`);
  }

  async #takeUp(): Promise<void> {
    const { archiveId, key, previousKey, create, previous } = this.#options;
    const origin = toOrigin(archiveId);
    const verifierKey = toVerifierKey(origin, key.publicKey);
    const add = (type: EventType, detail: LedgerEvent["detail"]) => this.append([{ type, subject: archiveId, detail }]);
    if (this.#size === 0) {
      if (!create) throw new LedgerBrokenError(`the ledger is empty: ${this.#paths.events}`);
      await add("ledger-begun", { origin, verifierKey, ...(previous === undefined ? {} : { previous }) });
    }
    if (this.mended !== undefined) await add("ledger-mended", { ...this.mended });
    if (this.#newest === undefined) await this.checkpoint();
    else if (
      previousKey !== undefined &&
      "problem" in openCheckpoint(this.#newest.note, [{ name: origin, publicKey: key.publicKey }])
    ) {
      await add("key-changed", { verifierKey, previous: toVerifierKey(origin, previousKey) });
    }
    await storeVerifierKey(this.#paths, verifierKey);
  }

  async #writeBatch(rests: readonly string[]): Promise<number> {
    // First, for what is durable must not be called failed because a cache could not be written.
    this.#index.relieve();
    const firstSeq = this.#size;
    const lines = rests.map((rest, index) => toEntryLine(firstSeq + index, rest));
    let byteOffset = this.#file.endByte;
    await this.#file.append(Buffer.concat(lines));
    for (const line of lines) {
      this.#index.append(hashLeaf(line.subarray(0, -1)), byteOffset);
      byteOffset += line.length;
    }
    this.#size += lines.length;
    return firstSeq;
  }

  async #tryLocate(seq: number): Promise<EventAt | undefined> {
    const event = await tryReadEventAt(this.#file.path, this.#index.byteOffsetOf(seq));
    return event?.entry.seq === seq ? event : undefined;
  }

  /** Tries a second time with caches that are made anew. */
  #checked<T>(tryIt: () => Promise<T | undefined>): Promise<T> {
    return this.#queue.exclusively(async () => {
      const result = (await tryIt()) ?? ((await this.#regrow()) ? await tryIt() : undefined);
      if (result !== undefined) return result;
      throw new LedgerBrokenError(`the events are not those that were written: ${this.#file.path}`);
    });
  }

  #regrow(): Promise<boolean> {
    const { path, endByte } = this.#file;
    return this.#index.regrow(async () => {
      await replayEvents(path, { startSeq: 0, startByte: 0, endByte }, (event) => growBy(event, this.#index));
    });
  }
}

function toMend({ cut, newest, unsigned }: FoundLedger): LedgerMend | undefined {
  const unsignedEvents = newest === undefined ? 0 : unsigned.events;
  return cut === undefined && unsignedEvents === 0 ? undefined : { cutBytes: 0, ...cut, unsignedEvents };
}
