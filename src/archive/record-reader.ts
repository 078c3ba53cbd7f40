import type { Catalogue } from "../catalogue/catalogue.ts";
import { type ArchivedFile, type ArchivedRecording, type FileRole, toContent } from "../core/archived-file.ts";
import { AUDIO_FORMATS, type AudioFormat } from "../core/audio-format.ts";
import type { Sha256Hex } from "../core/digest.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { StorageKey } from "../core/storage-key.ts";
import { NotFoundError } from "../io/errors.ts";
import type { Storage } from "../storage/storage.ts";
import { type ArchivePlace, toFolderKey, toOriginalKey, toSidecarKey } from "./archive-key.ts";
import { RecordingRemovedError, SidecarInvalidError } from "./errors.ts";
import { type LocatedSidecar, parseSidecar, toTextDigest } from "./sidecar.ts";
import { readText } from "./text-files.ts";
import { isTombstoneText, type LocatedTombstone, parseTombstone } from "./tombstone.ts";

/** An original that stands under its final name without a sidecar: a run was killed between the two. */
export interface OrphanedOriginal {
  readonly key: StorageKey;
  readonly format: AudioFormat;
}

/** What an archive has of one recording. */
export interface ArchivePresence {
  readonly located: LocatedSidecar | undefined;
  /** Whether it was removed: its tombstone is there, or the catalogue knows that it was. */
  readonly isRemoved: boolean;
  readonly orphan: OrphanedOriginal | undefined;
  /**
   * The digest that a run of ours wrote down of the original: in the catalogue, whether or not its files are there, or, of
   * an orphan, in the note of the store that a crash cut short.
   */
  readonly recordedSha256: Sha256Hex | undefined;
}

/** What an archive has of a recording that it never heard of. */
export const NOT_PRESENT: ArchivePresence = {
  located: undefined,
  isRemoved: false,
  orphan: undefined,
  recordedSha256: undefined,
};

/** What records are read from. */
export interface RecordPorts {
  readonly storage: Storage;
  readonly catalogue: Catalogue;
  /** Notes of an earlier run whose sidecar was never written, by the digest of the original. */
  readonly unsettled: ReadonlyMap<RecordingId, Sha256Hex>;
}

/** Finds and reads the records of an archive's recordings: sidecars, tombstones, and what stands there without either. */
export class RecordReader {
  readonly #ports: RecordPorts;
  readonly #absentFolders = new Set<StorageKey>();

  constructor(ports: RecordPorts) {
    this.#ports = ports;
  }

  /** Looks up what there is of a recording; see {@link Archive.lookUp}. */
  async lookUp(place: ArchivePlace): Promise<ArchivePresence> {
    const { recordingId } = place;
    const known = await this.#ports.catalogue.find(recordingId);
    if (known === undefined && (await this.#isFolderAbsent(place))) return NOT_PRESENT;
    const removed = toRow(known, "tombstone");
    const found = await this.#findRecord(place, toRow(known, "sidecar") ?? removed);
    // What was removed does not come back because somebody took its tombstone away.
    if (removed !== undefined || (found !== undefined && "tombstone" in found))
      return { ...NOT_PRESENT, isRemoved: true };
    const orphan = found === undefined ? await this.#findOrphan(place) : undefined;
    // A note says what the orphan must be; of bytes that never got a name it says nothing that would have to come again.
    const noted = orphan === undefined ? undefined : this.#ports.unsettled.get(recordingId);
    const original = toRow(known, "original");
    const recordedSha256 = original === undefined ? noted : toContent(original).sha256;
    return { located: found, isRemoved: false, orphan, recordedSha256 };
  }

  /** Gives the sidecar of a recording that the catalogue knows; see {@link Archive.findCatalogued}. */
  async findCatalogued(recordingId: RecordingId): Promise<LocatedSidecar> {
    const known = await this.#ports.catalogue.find(recordingId);
    const row = toRow(known, "sidecar");
    if (row !== undefined) return this.parseCatalogued(row, await readText(this.#ports.storage, row.key));
    if (toRow(known, "tombstone") !== undefined) throw new RecordingRemovedError(`was removed: ${recordingId}`);
    throw new NotFoundError(`not in the catalogue: ${recordingId}`);
  }

  /** Reads the text of a sidecar that the catalogue knows; see {@link Archive.parseCatalogued}. */
  parseCatalogued(row: ArchivedFile, text: string): LocatedSidecar {
    this.#assertRecorded(row, text);
    return { key: row.key, sidecar: parseSidecar(row.key, text) };
  }

  /** A recording is being stored, so that its folder will be there. */
  expect(place: ArchivePlace): void {
    this.#absentFolders.delete(toFolderKey(place));
  }

  async #findRecord(
    place: ArchivePlace,
    known: ArchivedFile | undefined,
  ): Promise<LocatedSidecar | LocatedTombstone | undefined> {
    const { storage } = this.#ports;
    const key = known?.key ?? toSidecarKey(place);
    if ((await storage.stat(key)) === undefined) return undefined;
    const text = known === undefined ? await readText(storage, key) : await this.#readRecorded(known);
    if (isTombstoneText(text)) return { key, tombstone: parseTombstone(key, text) };
    return { key, sidecar: parseSidecar(key, text) };
  }

  async #readRecorded(row: ArchivedFile): Promise<string> {
    const text = await readText(this.#ports.storage, row.key);
    this.#assertRecorded(row, text);
    return text;
  }

  /** A record that somebody changed must not come to be recorded anew as if it were ours. */
  #assertRecorded({ key, sha256 }: ArchivedFile, text: string): void {
    if (toTextDigest(text) === sha256) return;
    const path = `${this.#ports.storage.traits.location}/${key}`;
    throw new SidecarInvalidError(`the sidecar is not the one that was written: ${path}`, {
      hint: "`holdfast verify` names it; restore it from a copy, or, if it is right, run `holdfast reindex`",
    });
  }

  async #findOrphan(place: ArchivePlace): Promise<OrphanedOriginal | undefined> {
    for (const format of AUDIO_FORMATS) {
      const key = toOriginalKey(place, format);
      if ((await this.#ports.storage.stat(key))?.isRegular) return { key, format };
    }
    return undefined;
  }

  /** Most recordings of a first fetch lie in folders that are not there yet: one look serves a whole day. */
  async #isFolderAbsent(place: ArchivePlace): Promise<boolean> {
    const key = toFolderKey(place);
    if (this.#absentFolders.has(key)) return true;
    if ((await this.#ports.storage.stat(key)) !== undefined) return false;
    this.#absentFolders.add(key);
    return true;
  }
}

function toRow(known: ArchivedRecording | undefined, role: FileRole): ArchivedFile | undefined {
  return known?.files.find((file) => file.role === role);
}
