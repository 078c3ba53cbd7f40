import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import type { Catalogue, CatalogueSummary } from "../catalogue/catalogue.ts";
import type { Checks } from "../catalogue/checks.ts";
import type { ArchivedFile, ArchivedRecording, FileRole } from "../core/archived-file.ts";
import { AUDIO_FORMATS, type AudioFormat } from "../core/audio-format.ts";
import { type Clock, toIsoInstant } from "../core/clock.ts";
import type { Sha256Hex } from "../core/digest.ts";
import { DigestMismatchError } from "../core/errors.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { PlanFailure } from "../core/run-log.ts";
import { type StorageKey, toStorageKey } from "../core/storage-key.ts";
import { tryParseJson } from "../core/try-parse-json.ts";
import { NotFoundError, StorageUnavailableError } from "../io/errors.ts";
import { hashChunks } from "../io/hash-chunks.ts";
import { toSafeName } from "../io/safe-name.ts";
import type { ObjectName, ObjectStat, StagedObject, Storage, TakeOverOptions } from "../storage/storage.ts";
import {
  type ArchivePlace,
  MARKER_KEY,
  RECORDINGS_PREFIX,
  toFolderKey,
  toOriginalKey,
  toSidecarKey,
} from "./archive-key.ts";
import { ArchiveInvalidError, ArchiveNotFoundError, SidecarInvalidError } from "./errors.ts";
import { type DamageNote, type QuarantineNote, toNoteKey, toQuarantineKey, toQuarantineText } from "./quarantine.ts";
import { ArchiveMarker, type Derivative, type Evidence, type Sidecar } from "./schema.ts";
import {
  type LocatedSidecar,
  parseSidecar,
  toCatalogueRecording,
  toPlace,
  toSiblingKey,
  toTextDigest,
} from "./sidecar.ts";
import { type Store, StoreQueue } from "./store-queue.ts";

export type { Checks, StagedObject };

/** The drivers that an archive is made of, and the time. */
export interface ArchivePorts {
  readonly storage: Storage;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
}

/** How many sidecars were indexed, and which could not be. */
export interface ReindexOutcome {
  readonly indexed: number;
  readonly invalid: readonly PlanFailure[];
}

/** A derivative on its way into the archive: the bytes, and the record that will stand for them. */
export interface NewDerivative {
  readonly staged: StagedObject;
  readonly derivative: Derivative;
}

/** What an archive has of one recording. */
export interface ArchivePresence {
  readonly located: LocatedSidecar | undefined;
  readonly orphan: OrphanedOriginal | undefined;
  /**
   * The digest that a run of ours wrote down of the original: in the catalogue, whether or not its files are there, or, of
   * an orphan, in the note of the store that a crash cut short.
   */
  readonly recordedSha256: Sha256Hex | undefined;
}

/** An original that stands under its final name without a sidecar: a run was killed between the two. */
export interface OrphanedOriginal {
  readonly key: StorageKey;
  readonly format: AudioFormat;
}

const NOTHING: ArchivePresence = { located: undefined, orphan: undefined, recordedSha256: undefined };

/** The vendor keeps a recording for 30 days; what was left half fetched for longer cannot be gone on with. */
const HELD_FOR_MS = 30 * 86_400_000;

/** Names that the catalogue is asked about in one go. */
const NAMES_AT_ONCE = 1000;

/**
 * The one room where bytes, sidecar and catalogue row are written, in that order: whatever a crash leaves, the
 * later ones can be made from the earlier. Originals are never changed or replaced.
 *
 * Calls about different recordings may run side by side; calls about one recording may not.
 */
export class Archive {
  readonly traits: { readonly location: string };
  readonly #storage: Storage;
  readonly #catalogue: Catalogue;
  /** Notes of an earlier run whose sidecar was never written, by the digest of the original. */
  readonly #unsettled = new Map<RecordingId, Sha256Hex>();
  readonly #absentFolders = new Set<StorageKey>();
  readonly #stores: StoreQueue;
  #rebuilt: ReindexOutcome = { indexed: 0, invalid: [] };

  private constructor({ storage, catalogue }: ArchivePorts) {
    this.#storage = storage;
    this.#catalogue = catalogue;
    this.#stores = new StoreQueue({ storage, catalogue });
    this.traits = { location: storage.traits.location };
  }

  /**
   * Opens an archive whose catalogue is already ours, removes what dead runs left unfinished, finishes what they
   * left undone, and indexes all sidecars when the catalogue is new or its making was cut short.
   *
   * @param options.create - Makes the archive when there is none.
   * @throws {ArchiveNotFoundError} there is none and `create` is not set.
   * @throws {ArchiveInvalidError} its marker cannot be read.
   */
  static async open(ports: ArchivePorts, { create }: { create: boolean }): Promise<Archive> {
    const archive = new Archive(ports);
    if (!(await archive.#hasMarker())) {
      if (!create) throw new ArchiveNotFoundError(`no archive at ${ports.storage.traits.location}`);
      await archive.#begin(ports.clock);
    }
    await ports.storage.sweep(ports.clock.now() - HELD_FOR_MS);
    await archive.#settlePending();
    if ((await ports.catalogue.state()) === "incomplete") archive.#rebuilt = await archive.reindex();
    return archive;
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
  async lookUp(place: ArchivePlace): Promise<ArchivePresence> {
    const { recordingId } = place;
    const known = await this.#catalogue.find(recordingId);
    if (known === undefined && (await this.#isFolderAbsent(place))) return NOTHING;
    const located = await this.#findSidecar(place, toRow(known, "sidecar"));
    const orphan = located === undefined ? await this.#findOrphan(place) : undefined;
    // A note says what the orphan must be; of bytes that never got a name it says nothing that would have to come again.
    const noted = orphan === undefined ? undefined : this.#unsettled.get(recordingId);
    return { located, orphan, recordedSha256: toRow(known, "original")?.sha256 ?? noted };
  }

  /**
   * Gives the sidecar of a recording that the catalogue knows.
   *
   * @throws {NotFoundError} the recording or its sidecar is not there.
   * @throws {SidecarInvalidError} the sidecar cannot be read, or is not the one that was written.
   */
  async findCatalogued(recordingId: RecordingId): Promise<LocatedSidecar> {
    const known = toRow(await this.#catalogue.find(recordingId), "sidecar");
    if (known === undefined) throw new NotFoundError(`not in the catalogue: ${recordingId}`);
    return this.#readRecorded(known);
  }

  /** Tells whether the original that a sidecar speaks of is there with its size. Its bytes are not read. */
  async lookAtOriginal({ key, sidecar }: LocatedSidecar): Promise<"there" | "missing" | "damaged"> {
    const stat = await this.#storage.stat(toSiblingKey(key, sidecar.original.file));
    if (stat === undefined) return "missing";
    return stat.isRegular && stat.sizeBytes === sidecar.original.sizeBytes ? "there" : "damaged";
  }

  /**
   * Gives an original its name and writes its sidecar and catalogue row. Stores that wait at the same time share what
   * it costs to bring them to disk.
   *
   * @param staged - The checked bytes; undefined when they stand under their final name already.
   * @throws {ConflictError} other bytes stand under the name; they were left as they are.
   */
  async storeOriginal(staged: StagedObject | undefined, sidecar: Sidecar): Promise<LocatedSidecar> {
    const located = { key: toSidecarKey(toPlace(sidecar)), sidecar };
    const file = { staged, key: toSiblingKey(located.key, sidecar.original.file), overwrite: false };
    await this.#store({ located, files: staged === undefined ? [] : [{ ...file, staged }] });
    return located;
  }

  /** Writes derivatives in place of any with the same profile, then the sidecar and the catalogue row. */
  async storeDerivatives({ key, sidecar }: LocatedSidecar, made: readonly NewDerivative[]): Promise<LocatedSidecar> {
    const replaced = new Set(made.map(({ derivative }) => derivative.file));
    const kept = sidecar.derivatives.filter((derivative) => !replaced.has(derivative.file));
    const updated = { ...sidecar, derivatives: [...kept, ...made.map(({ derivative }) => derivative)] };
    const files = made.map(({ staged, derivative }) => ({
      staged,
      key: toSiblingKey(key, derivative.file),
      overwrite: true,
    }));
    await this.#store({ located: { key, sidecar: updated }, files });
    return { key, sidecar: updated };
  }

  /** Writes better evidence for an original into its sidecar; what it speaks of stays as it is. */
  async storeEvidence({ key, sidecar }: LocatedSidecar, evidence: Evidence): Promise<LocatedSidecar> {
    const located = { key, sidecar: { ...sidecar, evidence } };
    await this.#store({ located, files: [] });
    return located;
  }

  /**
   * Keeps bytes that contradict what was promised of them, with a note that says what does not fit. They are no
   * recording of the archive; they may be all that is left of one.
   *
   * @returns the key of the bytes.
   */
  async quarantine(staged: StagedObject, note: QuarantineNote): Promise<StorageKey> {
    const key = toQuarantineKey(note);
    await this.#writeText(toStorageKey(`${key}.json`), toQuarantineText(note));
    await staged.commit(key, { overwrite: true });
    return key;
  }

  /** Writes the catalogue row of a sidecar; the last step of a store that a crash cut short. Idempotent. */
  async index({ key, sidecar }: LocatedSidecar): Promise<void> {
    const known = await this.#catalogue.find(sidecar.recordingId);
    if (known !== undefined) return;
    await this.#catalogue.put([toCatalogueRecording({ key, sidecar }, await this.#readText(key))]);
  }

  /**
   * Reads the sidecar at a key.
   *
   * @throws {SidecarInvalidError} it is no sidecar of this version.
   * @throws {NotFoundError} there is none.
   */
  async readSidecar(key: StorageKey): Promise<LocatedSidecar> {
    return { key, sidecar: parseSidecar(key, await this.#readText(key)) };
  }

  /** Gives the ids of all catalogued recordings, oldest first. */
  recordingIds(): AsyncIterable<RecordingId> {
    return this.#catalogue.recordingIds();
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

  /** Lists everything that stands in the recordings' folders. */
  present(): AsyncIterable<ObjectName> {
    return this.#storage.list(RECORDINGS_PREFIX);
  }

  /**
   * Gives what stands in the recordings' folders and is not catalogued.
   *
   * @throws {StorageUnavailableError} not all of it can be listed.
   */
  async *strays(): AsyncGenerator<ObjectName> {
    let names = new Map<StorageKey, ObjectName>();
    for await (const name of this.present()) {
      names.set(name.key, name);
      if (names.size < NAMES_AT_ONCE) continue;
      yield* await this.#selectStrays(names);
      names = new Map();
    }
    yield* await this.#selectStrays(names);
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

  /** Calls `use` with a local path of a file; see {@link Storage.withLocalFile}. */
  withLocalFile<T>(key: StorageKey, use: (path: string) => Promise<T>): Promise<T> {
    return this.#storage.withLocalFile(key, use);
  }

  /** Makes the catalogue anew from the sidecars. One that cannot be read is told of and left out. */
  async reindex(): Promise<ReindexOutcome> {
    await this.#catalogue.clear();
    let indexed = 0;
    const invalid: PlanFailure[] = [];
    for await (const { key } of this.present()) {
      if (!key.endsWith(".json")) continue;
      try {
        await this.index(await this.readSidecar(key));
        indexed += 1;
      } catch (error) {
        invalid.push({ subject: this.toPath(key), error });
      }
    }
    await this.#catalogue.setState(indexed + invalid.length > 0 ? "rebuilt" : "complete");
    return { indexed, invalid };
  }

  /** Closes the catalogue. Idempotent. */
  close(): Promise<void> {
    return this.#catalogue.close();
  }

  /**
   * Moves what stands in place of a recorded file into quarantine, whatever it is, with a note; both are on disk when it
   * returns. Nothing that lies there already is replaced.
   *
   * @returns the key of what was moved.
   * @throws {NotFoundError} nothing stands there.
   */
  async quarantineDamaged(note: DamageNote): Promise<StorageKey> {
    const key = await this.#findFreeKey(toQuarantineKey(note));
    await this.#storage.setAside(note.key, { key, note: { key: toNoteKey(key), text: toQuarantineText(note) } });
    return key;
  }

  /**
   * Gives checked bytes the key of a recorded file that is gone, brings them to disk and reads them again.
   *
   * @throws {ConflictError} something stands there; it was left as it is.
   * @throws {DigestMismatchError} what was read again is not what is recorded; it stands there all the same.
   */
  async restore(staged: StagedObject, { key, sha256: expected }: ArchivedFile): Promise<void> {
    await staged.commit(key);
    const { sha256: found } = await hashChunks(this.#storage.read(key));
    if (found !== expected) throw new DigestMismatchError({ subject: this.toPath(key), expected, found });
  }

  async #findFreeKey(wanted: StorageKey): Promise<StorageKey> {
    for (let key = wanted, count = 2; ; count += 1) {
      if ((await this.#storage.stat(key)) === undefined) return key;
      key = toStorageKey(`${wanted}.${count}`);
    }
  }

  async #selectStrays(names: ReadonlyMap<StorageKey, ObjectName>): Promise<readonly ObjectName[]> {
    const unknown = await this.#catalogue.unknownAmong([...names.keys()]);
    return unknown.flatMap((key) => names.get(key) ?? []);
  }

  #store(store: Store): Promise<void> {
    this.#absentFolders.delete(toFolderKey(toPlace(store.located.sidecar)));
    return this.#stores.add(store);
  }

  /**
   * Finishes the stores that a crash cut short between the sidecar and its catalogue row. A note whose sidecar was
   * never written stays: it tells what the original beside it must be.
   */
  async #settlePending(): Promise<void> {
    for (const { recordingId, key, sha256, originalSha256 } of await this.#catalogue.pending()) {
      if ((await this.#storage.stat(key)) === undefined) {
        this.#unsettled.set(recordingId, originalSha256);
        continue;
      }
      const text = await this.#readText(key);
      if (toTextDigest(text) === sha256) {
        await this.#catalogue.put([toCatalogueRecording({ key, sidecar: parseSidecar(key, text) }, text)]);
      } else {
        await this.#catalogue.drop(recordingId);
      }
    }
  }

  async #findSidecar(place: ArchivePlace, known: ArchivedFile | undefined): Promise<LocatedSidecar | undefined> {
    const key = known?.key ?? toSidecarKey(place);
    if ((await this.#storage.stat(key)) === undefined) return undefined;
    return known === undefined ? this.readSidecar(key) : this.#readRecorded(known);
  }

  async #findOrphan(place: ArchivePlace): Promise<OrphanedOriginal | undefined> {
    for (const format of AUDIO_FORMATS) {
      const key = toOriginalKey(place, format);
      if ((await this.#storage.stat(key))?.isRegular) return { key, format };
    }
    return undefined;
  }

  /** Most recordings of a first fetch lie in folders that are not there yet: one look serves a whole day. */
  async #isFolderAbsent(place: ArchivePlace): Promise<boolean> {
    const key = toFolderKey(place);
    if (this.#absentFolders.has(key)) return true;
    if ((await this.#storage.stat(key)) !== undefined) return false;
    this.#absentFolders.add(key);
    return true;
  }

  /** A sidecar that somebody changed must not come to be recorded anew as if it were ours. */
  async #readRecorded({ key, sha256 }: ArchivedFile): Promise<LocatedSidecar> {
    const text = await this.#readText(key);
    if (toTextDigest(text) === sha256) return { key, sidecar: parseSidecar(key, text) };
    throw new SidecarInvalidError(`the sidecar is not the one that was written: ${this.toPath(key)}`, {
      hint: "`holdfast verify` names it; restore it from a copy, or, if it is right, run `holdfast reindex`",
    });
  }

  async #hasMarker(): Promise<boolean> {
    if ((await this.#storage.stat(MARKER_KEY)) === undefined) return false;
    const parsed = ArchiveMarker.safeParse(tryParseJson(await this.#readText(MARKER_KEY)));
    if (parsed.success) return true;
    throw new ArchiveInvalidError(`not an archive of this version: ${this.traits.location}/${MARKER_KEY}`);
  }

  /** Makes a new archive, but not of one that has only lost its marker. */
  async #begin(clock: Clock): Promise<void> {
    for await (const { key } of this.present()) {
      throw new ArchiveInvalidError(
        `recordings without an archive's marker: ${this.toPath(key)} but no ${MARKER_KEY}`,
        {
          hint: `restore ${MARKER_KEY} from a copy of the archive`,
        },
      );
    }
    await this.#writeMarker(clock);
  }

  async #writeMarker(clock: Clock): Promise<void> {
    const marker: ArchiveMarker = {
      schema: "holdfast.archive/1",
      archiveId: randomUUID(),
      createdAt: toIsoInstant(clock.now()),
    };
    await this.#writeText(MARKER_KEY, `${JSON.stringify(marker, null, 2)}\n`);
  }

  async #readText(key: StorageKey): Promise<string> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.#storage.read(key)) chunks.push(Uint8Array.from(chunk));
    return Buffer.concat(chunks).toString("utf8");
  }

  async #writeText(key: StorageKey, text: string): Promise<void> {
    const staged = this.#storage.stage("record");
    try {
      await staged.write(Readable.from([Buffer.from(text)]), () => undefined);
      await staged.commit(key, { overwrite: true });
    } finally {
      await staged.discard();
    }
  }
}

function toRow(known: ArchivedRecording | undefined, role: FileRole): ArchivedFile | undefined {
  return known?.files.find((file) => file.role === role);
}
