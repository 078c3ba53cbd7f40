import type { Catalogue } from "../catalogue/catalogue.ts";
import type { PlanFailure } from "../core/run-log.ts";
import type { StorageKey } from "../core/storage-key.ts";
import type { ObjectName, Storage } from "../storage/storage.ts";
import { RECORDINGS_PREFIX, toSidecarKey } from "./archive-key.ts";
import { SidecarInvalidError } from "./errors.ts";
import { type LocatedSidecar, parseSidecar, toCatalogueRecording, toPlace } from "./sidecar.ts";
import { readText } from "./text-files.ts";
import { isTombstoneText, parseTombstone, toRemovedRecording } from "./tombstone.ts";

/** How many sidecars were indexed, and which could not be. */
export interface ReindexOutcome {
  readonly indexed: number;
  readonly invalid: readonly PlanFailure[];
}

/** What is indexed, and where. */
export interface RecordIndexPorts {
  readonly storage: Storage;
  readonly catalogue: Catalogue;
}

/** Names that the catalogue is asked about in one go. */
const NAMES_AT_ONCE = 1000;

/** Brings the catalogue in line with the records that stand in the recordings' folders, and finds what has no record. */
export class RecordIndex {
  readonly #storage: Storage;
  readonly #catalogue: Catalogue;

  constructor({ storage, catalogue }: RecordIndexPorts) {
    this.#storage = storage;
    this.#catalogue = catalogue;
  }

  /** Writes the catalogue row of a sidecar, if there is none. */
  async add({ key, sidecar }: LocatedSidecar): Promise<void> {
    if ((await this.#catalogue.find(sidecar.recordingId)) !== undefined) return;
    await this.#catalogue.put([toCatalogueRecording({ key, sidecar }, await readText(this.#storage, key))]);
  }

  /** Makes the catalogue anew from the sidecars and tombstones. One that cannot be read is told of and left out. */
  async rebuild(): Promise<ReindexOutcome> {
    await this.#catalogue.clear();
    let indexed = 0;
    const invalid: PlanFailure[] = [];
    for await (const { key } of this.#storage.list(RECORDINGS_PREFIX)) {
      if (!key.endsWith(".json")) continue;
      try {
        await this.#addText(key, await readText(this.#storage, key));
        indexed += 1;
      } catch (error) {
        invalid.push({ subject: `${this.#storage.traits.location}/${key}`, error });
      }
    }
    await this.#catalogue.setState(indexed + invalid.length > 0 ? "rebuilt" : "complete");
    return { indexed, invalid };
  }

  /** Gives what stands in the recordings' folders and is not catalogued; see {@link Archive.strays}. */
  async *strays(): AsyncGenerator<ObjectName> {
    let names = new Map<StorageKey, ObjectName>();
    for await (const name of this.#storage.list(RECORDINGS_PREFIX)) {
      names.set(name.key, name);
      if (names.size < NAMES_AT_ONCE) continue;
      yield* await this.#selectStrays(names);
      names = new Map();
    }
    yield* await this.#selectStrays(names);
  }

  async #selectStrays(names: ReadonlyMap<StorageKey, ObjectName>): Promise<readonly ObjectName[]> {
    const unknown = await this.#catalogue.unknownAmong([...names.keys()]);
    return unknown.flatMap((key) => names.get(key) ?? []);
  }

  /** @throws {SidecarInvalidError} it is no record, or that of another recording: then both stand in the wrong place. */
  async #addText(key: StorageKey, text: string): Promise<void> {
    if (isTombstoneText(text)) {
      await this.#catalogue.put([toRemovedRecording({ key, tombstone: parseTombstone(key, text) }, text)]);
      return;
    }
    const sidecar = parseSidecar(key, text);
    if (key !== toSidecarKey(toPlace(sidecar))) {
      throw new SidecarInvalidError(`the sidecar of ${sidecar.recordingId} stands in another's place: ${key}`);
    }
    await this.add({ key, sidecar });
  }
}
