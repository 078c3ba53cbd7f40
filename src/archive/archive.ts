import type { Catalogue, CatalogueSummary } from "../catalogue/catalogue.ts";
import type { Checks } from "../catalogue/checks.ts";
import type { ArchivedFile, ArchivedRecording } from "../core/archived-file.ts";
import { type Clock, toIsoInstant } from "../core/clock.ts";
import type { HoldfastError } from "../core/errors.ts";
import type { HeldChange } from "../core/hold.ts";
import type { LedgerEntry, LedgerEvent } from "../core/ledger-event.ts";
import type { Notice } from "../core/notice.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { StorageKey } from "../core/storage-key.ts";
import type { KeyProvider } from "../encryption/key-provider.ts";
import { NotFoundError, StorageUnavailableError } from "../io/errors.ts";
import { toSafeName } from "../io/safe-name.ts";
import type { Anchor } from "../ledger/anchor.ts";
import type { SignedCheckpoint } from "../ledger/checkpoint.ts";
import type { CustodyScope } from "../ledger/custody-disclosure.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { LostLedger } from "../ledger/lost-ledger.ts";
import { type CustodyEvent, readCustody } from "../ledger/read-custody.ts";
import type { LedgerVerification } from "../ledger/verify-ledger.ts";
import type { ObjectName, ObjectStat, StagedObject, Storage, TakeOverOptions } from "../storage/storage.ts";
import { type ArchivePlace, MARKER_KEY, toReceiptKey, toSidecarKey } from "./archive-key.ts";
import { toConvertedChange, toFetchedChange } from "./change-events.ts";
import { checkLedger } from "./check-ledger.ts";
import { EncryptedAudio, type NewAudio } from "./encrypted-audio.ts";
import { ArchiveNotFoundError } from "./errors.ts";
import type { HoldBook } from "./hold-book.ts";
import { HoldGuard } from "./hold-guard.ts";
import { adoptInto, loadMarker, makeMarker } from "./marker.ts";
import { quarantineBytes, quarantineStanding, restoreFile } from "./mending.ts";
import type { DamageNote, QuarantineNote } from "./quarantine.ts";
import { RecordIndex, type ReindexOutcome } from "./record-index.ts";
import { type ArchivePresence, RecordReader } from "./record-reader.ts";
import { removeRecording } from "./removal.ts";
import type { ArchiveMarker, Derivative, Evidence, Sidecar, StoredAudio } from "./schema.ts";
import { settlePending } from "./settle-pending.ts";
import { type LocatedSidecar, toBytesOnDisk, toPlace, toSiblingKey } from "./sidecar.ts";
import { type Store, StoreQueue } from "./store-queue.ts";
import { writeText } from "./text-files.ts";
import type { ToldLedger } from "./told-ledger.ts";
import type { LocatedTombstone, Removal } from "./tombstone.ts";

export type { Checks, HoldBook, Ledger, LedgerVerification, StagedObject };

/** Opens the ledger of the archive with an id; `create` begins one that is not there. In an archive over a lost one nothing can be changed. */
export type OpenLedger = (archiveId: string, options: { readonly create: boolean }) => Promise<Ledger | LostLedger>;

/** The drivers that an archive is made of, and the time. */
export interface ArchivePorts {
  readonly storage: Storage;
  readonly catalogue: Catalogue;
  readonly openLedger: OpenLedger;
  /** Where the newest checkpoint is kept when the archive is closed. @default nowhere but in the ledger's own folder */
  readonly anchors?: readonly Anchor[] | undefined;
  readonly clock: Clock;
  /** What encrypts what is stored from now on, and reads what is encrypted. @default what is stored stays in the clear */
  readonly keys?: KeyProvider | undefined;
}

/** A derivative on its way into the archive: the bytes, and the record that will stand for them. */
export interface NewDerivative {
  readonly staged: StagedObject;
  readonly derivative: Derivative;
}

/** Who takes a recording's key out of its sidecar, and why. */
export interface KeyDestruction {
  readonly destroyedBy: string;
  readonly reason: string;
}

/** What the ledger tells of some recordings. */
export interface Custody {
  /** To it all proofs lead. */
  readonly checkpoint: SignedCheckpoint;
  /** What signed it. */
  readonly verifierKey: string;
  /** To be gone through once. */
  readonly events: AsyncGenerator<CustodyEvent>;
}

/** The vendor keeps a recording for 30 days; what was left half fetched for longer cannot be gone on with. */
const HELD_FOR_MS = 30 * 86_400_000;

/**
 * The one room where bytes, sidecar, ledger event and catalogue row are written, in that order: whatever a crash leaves, the
 * later ones can be made from the earlier. Originals are never changed or replaced, and removed only where no hold is.
 *
 * Calls about different recordings may run side by side; calls about one recording may not.
 */
export class Archive {
  readonly traits: { readonly location: string };
  readonly archiveId: string;
  readonly #storage: Storage;
  readonly #catalogue: Catalogue;
  readonly #anchors: readonly Anchor[];
  readonly #clock: Clock;
  readonly #records: RecordReader;
  readonly #index: RecordIndex;
  readonly #ledger: Ledger | LostLedger;
  /** Made when something is stored: where the ledger is lost nothing is. */
  #stores: StoreQueue | undefined;
  readonly #audio: EncryptedAudio;
  readonly #guard: HoldGuard;
  #closing: Promise<void> | undefined;
  #rebuilt: ReindexOutcome = { indexed: 0, invalid: [] };

  private constructor(
    { storage, catalogue, anchors = [], clock, keys }: ArchivePorts,
    { marker, ledger, records }: { marker: ArchiveMarker; ledger: Ledger | LostLedger; records: RecordReader },
  ) {
    const { archiveId } = marker;
    this.#storage = storage;
    this.#catalogue = catalogue;
    this.#anchors = anchors;
    this.#clock = clock;
    this.#records = records;
    this.#index = new RecordIndex({ storage, catalogue });
    this.#guard = new HoldGuard({ toLedger: () => this.ledger, catalogue, records });
    this.#audio = new EncryptedAudio({ storage, ledger, archiveId, keys, isMarked: marker.encryption === true });
    this.archiveId = archiveId;
    this.#ledger = ledger;
    this.traits = { location: storage.traits.location };
  }

  /**
   * Opens an archive whose catalogue is already ours, removes what dead runs left unfinished, finishes what they
   * left undone, and indexes all sidecars when the catalogue is new or its making was cut short.
   *
   * @param options.create - Makes the archive when there is none.
   * @throws {ArchiveNotFoundError} there is none and `create` is not set.
   * @throws {ArchiveInvalidError} its marker cannot be read.
   * @throws {LedgerBrokenError} its ledger is gone, or not what was signed.
   */
  static async open(ports: ArchivePorts, { create }: { create: boolean }): Promise<Archive> {
    const { storage, catalogue, openLedger, clock } = ports;
    const found = await loadMarker(storage);
    if (found === undefined && !create) throw new ArchiveNotFoundError(`no archive at ${storage.traits.location}`);
    const marker = found ?? (await makeMarker(storage, clock));
    const hasLedger = marker.ledger !== undefined;
    const ledger = await openLedger(marker.archiveId, { create: !hasLedger });
    const isLost = ledger instanceof LostLedger;
    try {
      await storage.sweep(clock.now() - HELD_FOR_MS);
      const unsettled = isLost ? new Map() : await settlePending({ storage, catalogue, ledger });
      const records = new RecordReader({ storage, catalogue, unsettled });
      const archive = new Archive(ports, { marker, ledger, records });
      if ((await catalogue.state()) === "incomplete") archive.#rebuilt = await archive.reindex();
      if (!hasLedger && !isLost) await adoptInto(ledger, { storage, catalogue, marker });
      return archive;
    } catch (error) {
      await ledger.close();
      throw error;
    }
  }

  /**
   * What was done to, and with, what the archive holds.
   *
   * @throws {HoldfastError} it is lost, and whatever needs it is refused with this; see {@link ledgerLoss}.
   */
  get ledger(): Ledger {
    if (this.#ledger instanceof LostLedger) throw this.#ledger.loss;
    return this.#ledger;
  }

  /** Why the ledger cannot be gone on with, so that the archive can be looked at and not be changed; undefined when it can. */
  get ledgerLoss(): HoldfastError | undefined {
    return this.#ledger instanceof LostLedger ? this.#ledger.loss : undefined;
  }

  /** What had to be indexed on opening, because the catalogue was not there. */
  get rebuilt(): ReindexOutcome {
    return this.#rebuilt;
  }

  /** Begins a file; see {@link Storage.stage}. */
  stage(name: string): StagedObject {
    return this.#storage.stage(name);
  }

  /** Gives where the bytes of a recording can be written bit by bit; see {@link Storage.resumableStem}. */
  resumableStem(recordingId: RecordingId): Promise<string> {
    return this.#storage.resumableStem(toSafeName(recordingId));
  }

  /** Gives what tells how many bytes of a recording lie at its stem; see {@link Storage.heldBytes}. */
  async loadHeld(): Promise<(recordingId: RecordingId) => number> {
    const held = await this.#storage.heldBytes();
    return (recordingId) => held.get(toSafeName(recordingId)) ?? 0;
  }

  /** Takes over bytes that were written at a stem; see {@link Storage.takeOver}. */
  takeOver(path: string, options?: TakeOverOptions): Promise<StagedObject> {
    return this.#storage.takeOver(path, options);
  }

  /**
   * Looks up what there is of a recording, where the catalogue or the recording's day says it lies.
   *
   * @throws {SidecarInvalidError} its sidecar cannot be read, or is not the one that was written.
   */
  lookUp(place: ArchivePlace): Promise<ArchivePresence> {
    return this.#records.lookUp(place);
  }

  /**
   * Gives the sidecar of a recording that the catalogue knows.
   *
   * @throws {NotFoundError} the recording or its sidecar is not there.
   * @throws {RecordingRemovedError} it was removed.
   * @throws {SidecarInvalidError} the sidecar cannot be read, or is not the one that was written.
   */
  findCatalogued(recordingId: RecordingId): Promise<LocatedSidecar> {
    return this.#records.findCatalogued(recordingId);
  }

  /**
   * Gives the sidecar that a row of the catalogue speaks of, by its text, for one that has read the file.
   *
   * @throws {SidecarInvalidError} the text cannot be understood, or is not the one that was written.
   */
  parseCatalogued(row: ArchivedFile, text: string): LocatedSidecar {
    return this.#records.parseCatalogued(row, text);
  }

  /** Tells whether the original that a sidecar speaks of is there with its size. Its bytes are not read. */
  async lookAtOriginal({ key, sidecar }: LocatedSidecar): Promise<"there" | "missing" | "damaged"> {
    const stat = await this.#storage.stat(toSiblingKey(key, sidecar.original.file));
    if (stat === undefined) return "missing";
    return stat.isRegular && stat.sizeBytes === toBytesOnDisk(sidecar.original).sizeBytes ? "there" : "damaged";
  }

  /**
   * Gives an original its name and writes its sidecar and catalogue row. Stores that wait at the same time share what
   * it costs to bring them to disk.
   *
   * @param staged - The checked bytes; undefined when they stand under their final name already.
   * @throws {ConflictError} other bytes stand under the name; they were left as they are.
   */
  async storeOriginal(staged: StagedObject | undefined, sidecar: Sidecar): Promise<LocatedSidecar> {
    const key = toSidecarKey(toPlace(sidecar));
    const audio = staged === undefined ? [] : [{ staged, audio: sidecar.original }];
    return this.#audio.withBytesForDisk(sidecar, audio, async (bytes) => {
      const [original] = bytes.audio;
      const located = { key, sidecar: { ...sidecar, original: original?.audio ?? sidecar.original } };
      if (bytes.encryption !== undefined) located.sidecar.encryption = bytes.encryption;
      const files = bytes.audio.map((one) => toFile(key, one, { overwrite: false }));
      await this.#store({ located, change: toFetchedChange(located), files });
      return located;
    });
  }

  /**
   * Writes derivatives in place of any with the same profile, then the sidecar and the catalogue row.
   *
   * @throws {HoldPreventsError} one of them stands there, and the recording is held.
   */
  async storeDerivatives({ key, sidecar }: LocatedSidecar, made: readonly NewDerivative[]): Promise<LocatedSidecar> {
    for (const { derivative } of made) {
      const isTaken = (await this.#storage.stat(toSiblingKey(key, derivative.file))) !== undefined;
      if (isTaken) await this.assertFree(sidecar.recordingId, "replace");
    }
    const replaced = new Set(made.map(({ derivative }) => derivative.file));
    const kept = sidecar.derivatives.filter((derivative) => !replaced.has(derivative.file));
    const audio = made.map(({ staged, derivative }) => ({ staged, audio: derivative }));
    return this.#audio.withBytesForDisk(sidecar, audio, async (bytes) => {
      const derivatives = bytes.audio.map((one) => one.audio);
      const located = { key, sidecar: { ...sidecar, derivatives: [...kept, ...derivatives] } };
      if (bytes.encryption !== undefined) located.sidecar.encryption = bytes.encryption;
      const files = bytes.audio.map((one) => toFile(key, one, { overwrite: true }));
      await this.#store({ located, change: toConvertedChange(derivatives), files });
      return located;
    });
  }

  /** Writes better evidence for an original into its sidecar; what it speaks of stays as it is. */
  async storeEvidence({ key, sidecar }: LocatedSidecar, evidence: Evidence): Promise<LocatedSidecar> {
    const located = { key, sidecar: { ...sidecar, evidence } };
    await this.#store({ located, change: { type: "proven", detail: { ...evidence } }, files: [] });
    return located;
  }

  /** Names the operator's key that wraps the keys of recordings now; undefined when there is none. */
  get encryptionKeyId(): string | undefined {
    return this.#audio.keyId;
  }

  /**
   * Wraps a recording's key with the operator's key of now, in place of an earlier one. The audio is not touched.
   *
   * @returns undefined when there is nothing to be done.
   * @throws {KeyMissingError} there is no key to wrap with.
   * @throws {KeyMismatchError} the key that it was wrapped with is not there.
   */
  async rewrapKey({ key, sidecar }: LocatedSidecar): Promise<LocatedSidecar | undefined> {
    const encryption = await this.#audio.rewrap(sidecar);
    if (encryption === undefined) return undefined;
    const located = { key, sidecar: { ...sidecar, encryption } };
    const detail = { fromKeyId: sidecar.encryption?.keyId, toKeyId: encryption.keyId };
    await this.#store({ located, change: { type: "key-rewrapped", detail }, files: [] });
    return located;
  }

  /**
   * Takes the key of a recording out of its sidecar, so that nobody can read its encrypted audio any more who has no copy of
   * the key. What is encrypted stays where it is.
   *
   * @throws {HoldPreventsError} it is held; nothing was changed.
   * @throws {NotFoundError} it has no key.
   */
  async destroyKey({ key, sidecar }: LocatedSidecar, why: KeyDestruction): Promise<LocatedSidecar> {
    const { recordingId, encryption } = sidecar;
    await this.assertFree(recordingId, "destroy-key");
    if (encryption?.wrappedKey === undefined) throw new NotFoundError(`no key to destroy: ${recordingId}`);
    const { format, keyId } = encryption;
    const destroyed = { at: toIsoInstant(this.#clock.now()), by: why.destroyedBy, reason: why.reason };
    const located = { key, sidecar: { ...sidecar, encryption: { format, keyId, destroyed } } };
    const change = { type: "key-destroyed", detail: { keyId, reason: why.reason } } as const;
    await this.#store({ located, change, files: [] });
    return located;
  }

  /**
   * Writes into a sidecar what the operator states of why the call was recorded.
   *
   * @throws {HoldPreventsError} it is held.
   */
  async storeNotice({ key, sidecar }: LocatedSidecar, notice: Notice): Promise<void> {
    await this.assertFree(sidecar.recordingId, "replace");
    const located = { key, sidecar: { ...sidecar, notice } };
    await this.#store({ located, change: { type: "noticed", detail: { ...notice } }, files: [] });
  }

  /**
   * Removes a recording's audio and leaves a tombstone.
   *
   * @throws {HoldPreventsError} it is held; nothing was removed.
   */
  async remove(located: LocatedSidecar, removal: Omit<Removal, "removedAt">): Promise<LocatedTombstone> {
    await this.assertFree(located.sidecar.recordingId, "remove");
    const removedAt = toIsoInstant(this.#clock.now());
    const ports = { storage: this.#storage, catalogue: this.#catalogue, ledger: this.#toTold() };
    return removeRecording(located, { removedAt, ...removal }, ports);
  }

  /** Gives all legal holds, and which of them catch a recording. */
  holds(): Promise<HoldBook> {
    return this.#guard.book();
  }

  /**
   * Lets a change of a recording pass, or refuses it; see {@link HoldGuard.assertFree}.
   *
   * @throws {HoldPreventsError} a hold stands against it; it names the cases.
   * @throws {LedgerBrokenError} nobody can say what is held.
   */
  assertFree(recordingId: RecordingId, change: HeldChange): Promise<void> {
    return this.#guard.assertFree(recordingId, change);
  }

  /** Writes events into the ledger; they are on disk when it settles. */
  async record(events: readonly LedgerEvent[]): Promise<readonly LedgerEntry[]> {
    const entries = await this.ledger.append(events);
    await this.#guard.enter(entries);
    return entries;
  }

  /**
   * Keeps a receipt for good; it is on disk when it settles.
   *
   * @throws {ConflictError} something stands under its name; it was left as it is.
   */
  async storeReceipt(name: string, text: string): Promise<StorageKey> {
    const key = toReceiptKey(name);
    await writeText(this.#storage, key, text, { overwrite: false });
    return key;
  }

  /**
   * Keeps bytes that contradict what was promised of them, with a note that says what does not fit. They are no
   * recording of the archive; they may be all that is left of one.
   *
   * @returns the key of the bytes.
   */
  quarantine(staged: StagedObject, note: QuarantineNote): Promise<StorageKey> {
    return quarantineBytes(staged, note, { storage: this.#storage, ledger: this.#toTold() });
  }

  /** Writes the catalogue row of a sidecar; the last step of a store that a crash cut short. Idempotent. */
  index(located: LocatedSidecar): Promise<void> {
    return this.#index.add(located);
  }

  /** Gives the ids of all catalogued recordings, oldest first. */
  recordingIds(): AsyncIterable<RecordingId> {
    return this.#catalogue.recordingIds();
  }

  /** Gives what the catalogue knows of all recordings, the removed ones too, oldest first. */
  recordings(): AsyncIterable<ArchivedRecording> {
    return this.#catalogue.recordings();
  }

  /** Gives the ids of all recordings that were ever taken in, as the ledger tells: one that the catalogue does not know is lost. */
  async *takenIn(): AsyncGenerator<string> {
    for await (const { subject } of this.ledger.find(["fetched", "adopted"])) yield subject;
  }

  /** Gives what the catalogue knows of one recording. */
  catalogued(recordingId: RecordingId): Promise<ArchivedRecording | undefined> {
    return this.#catalogue.find(recordingId);
  }

  /** What is known of verifying the recordings; see {@link Checks}. */
  get checks(): Checks {
    return this.#catalogue.checks;
  }

  /** Tells whether the catalogue was made from the sidecars and nobody has been told yet what that means. */
  async wasRebuilt(): Promise<boolean> {
    return (await this.#catalogue.state()) === "rebuilt";
  }

  /** Notes that a report has told of the rebuilding. */
  acknowledgeRebuilt(): Promise<void> {
    return this.#catalogue.setState("complete");
  }

  /** Counts what the catalogue knows. */
  summarise(): Promise<CatalogueSummary> {
    return this.#catalogue.summarise();
  }

  /**
   * Gives what stands in the recordings' folders and is not catalogued.
   *
   * @throws {StorageUnavailableError} not all of it can be listed.
   */
  strays(): AsyncIterable<ObjectName> {
    return this.#index.strays();
  }

  /** Tells whether the archive's marker can be seen: where it cannot, a disk is not mounted or a share is gone. */
  async isReachable(): Promise<boolean> {
    try {
      return (await this.#storage.stat(MARKER_KEY)) !== undefined;
    } catch (error) {
      if (error instanceof StorageUnavailableError) return false;
      throw error;
    }
  }

  /** Names a file the way reports do: the archive's own place, then the key. */
  toPath(key: StorageKey): string {
    return `${this.traits.location}/${key}`;
  }

  /** Looks at one file without reading it. */
  stat(key: StorageKey): Promise<ObjectStat | undefined> {
    return this.#storage.stat(key);
  }

  /** Reads one file; see {@link Storage.read}. */
  read(key: StorageKey, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    return this.#storage.read(key, signal);
  }

  /**
   * Reads an audio file that a sidecar speaks of, decrypted if it is encrypted. Of what was changed a part may have been given
   * before it shows: until the iteration has ended, nothing that is made of it may get a final name.
   *
   * @throws {KeyMissingError} it is encrypted, and there is no key; so does {@link KeyDestroyedError}.
   * @throws {KeyMismatchError} the key that its own was wrapped with is not there.
   * @throws {DecryptionError} it is not what was encrypted.
   */
  readAudio(located: LocatedSidecar, audio: StoredAudio, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    return this.#audio.read(located, audio, signal);
  }

  /**
   * Calls `use` with a local path of an audio file in the clear. That of an encrypted one is a copy for its owner alone, made
   * when all of it is authentic and has its recorded digest; it is removed when `use` settles.
   *
   * @throws what {@link readAudio} throws; {DigestMismatchError} what was encrypted is not what was recorded.
   */
  withPlainFile<T>(
    located: LocatedSidecar,
    audio: StoredAudio,
    options: { readonly use: (path: string) => Promise<T>; readonly signal?: AbortSignal | undefined },
  ): Promise<T> {
    return this.#audio.withPlainFile(located, audio, options);
  }

  /** Calls `use` with a local path of a file; see {@link Storage.withLocalFile}. */
  withLocalFile<T>(key: StorageKey, use: (path: string) => Promise<T>): Promise<T> {
    return this.#storage.withLocalFile(key, use);
  }

  /** Makes the catalogue anew from the sidecars and tombstones. One that cannot be read is told of and left out. */
  async reindex(): Promise<ReindexOutcome> {
    const { indexed, invalid } = await this.#index.rebuild();
    if (indexed + invalid.length > 0 && this.ledgerLoss === undefined) {
      await this.record([{ type: "reindexed", subject: this.archiveId, detail: { indexed, invalid: invalid.length } }]);
    }
    return { indexed, invalid };
  }

  /** Holds the ledger against its checkpoints, and the catalogue against the ledger; see {@link checkLedger}. */
  checkLedger(signal?: AbortSignal): Promise<LedgerVerification> {
    return checkLedger({ ledger: this.#ledger, catalogue: this.#catalogue, anchors: this.#anchors }, signal);
  }

  /**
   * Signs what the ledger holds now, and gives what it tells of some recordings, with what proves it; see {@link readCustody}.
   *
   * @throws {LedgerBrokenError} the events are not those that were signed; it may show at the end only.
   */
  async custody(scope: CustodyScope, signal?: AbortSignal): Promise<Custody> {
    await this.sign();
    const { ledger } = this;
    const checkpoint = ledger.newestCheckpoint();
    if (checkpoint === undefined) throw new Error("internal error: a ledger that was signed has no checkpoint");
    const { verifierKey } = ledger;
    return { checkpoint, verifierKey, events: readCustody(ledger, { checkpoint, signal, ...scope }) };
  }

  /**
   * Signs what the ledger holds now, unless that is signed, and keeps it at the anchors.
   *
   * @throws {LedgerBrokenError} an anchor holds what the ledger does not extend.
   */
  async sign(): Promise<void> {
    const { ledger } = this;
    await ledger.checkpoint();
    for (const anchor of this.#anchors) await anchor.keep(ledger);
  }

  /**
   * Signs what the ledger holds now, keeps that at the anchors, and closes it and the catalogue. Idempotent.
   *
   * @throws {LedgerBrokenError} an anchor holds what the ledger does not extend; all is closed.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#ledger instanceof LostLedger) return this.#catalogue.close();
    try {
      await this.sign();
    } finally {
      await this.ledger.close().finally(() => this.#catalogue.close());
    }
  }

  /**
   * Moves what stands in place of a recorded file into quarantine, whatever it is, with a note; both are on disk when it
   * returns. Nothing that lies there already is replaced.
   *
   * @returns the key of what was moved.
   * @throws {NotFoundError} nothing stands there.
   * @throws {HoldPreventsError} nothing is to take its place, and the recording is held.
   */
  async quarantineDamaged(note: DamageNote): Promise<StorageKey> {
    await this.assertFree(note.recordingId, note.healedFrom === undefined ? "quarantine" : "restore");
    return quarantineStanding(note, { storage: this.#storage, ledger: this.#toTold() });
  }

  /**
   * Gives checked bytes the key of a recorded file that is gone, brings them to disk and reads them again.
   *
   * @throws {ConflictError} something stands there; it was left as it is.
   * @throws {DigestMismatchError} what was read again is not what is recorded; it stands there all the same.
   */
  async restore(staged: StagedObject, file: ArchivedFile): Promise<void> {
    await this.assertFree(file.recordingId, "restore");
    await restoreFile(staged, file, { storage: this.#storage, ledger: this.#toTold() });
  }

  /** What is told through it, the guard hears of. */
  #toTold(): ToldLedger {
    const { ledger } = this;
    return {
      append: (events) => this.record(events),
      vouch: (statement) => ledger.vouch(statement),
      get size() {
        return ledger.size;
      },
    };
  }

  #store(store: Store): Promise<void> {
    this.#records.expect(toPlace(store.located.sidecar));
    this.#stores ??= new StoreQueue({ storage: this.#storage, catalogue: this.#catalogue, ledger: this.#toTold() });
    return this.#stores.add(store);
  }
}

function toFile(sidecarKey: StorageKey, { staged, audio }: NewAudio<StoredAudio>, options: { overwrite: boolean }) {
  return { staged, key: toSiblingKey(sidecarKey, audio.file), ...options };
}
