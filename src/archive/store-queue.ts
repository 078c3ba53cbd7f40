import { Readable } from "node:stream";
import { Grouped, type GroupOutcome } from "../async/grouped.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Sha256Hex } from "../core/digest.ts";
import type { StorageKey } from "../core/storage-key.ts";
import type { StagedObject, Storage } from "../storage/storage.ts";
import { type Change, toStoreEvent } from "./change-events.ts";
import { type PendingRecord, toPendingNote } from "./pending-note.ts";
import {
  type LocatedSidecar,
  toBytesOnDisk,
  toCatalogueRecording,
  toSiblingKey,
  toSidecarText,
  toTextDigest,
} from "./sidecar.ts";
import type { ToldLedger } from "./told-ledger.ts";

/** A sidecar to be written, after the files that it speaks of have got their names. */
export interface Store {
  readonly located: LocatedSidecar;
  readonly change: Change;
  readonly files: readonly { readonly staged: StagedObject; readonly key: StorageKey; readonly overwrite: boolean }[];
}

/** Stores that share a trip to the disk: enough to make its cost small, few enough to lose little in a crash. */
const GROUP = { maxItems: 64, lingerMs: 20 };

/** Where a store is written. */
export interface StorePorts {
  readonly storage: Storage;
  readonly catalogue: Catalogue;
  readonly ledger: ToldLedger;
}

/**
 * Writes bytes, sidecar, ledger event and catalogue row of each recording, in that order. Stores that wait at the same time share what
 * it costs to bring them to disk; one that fails harms no other.
 */
export class StoreQueue {
  readonly #storage: Storage;
  readonly #catalogue: Catalogue;
  readonly #ledger: ToldLedger;
  readonly #groups = new Grouped<Store>((stores) => this.#storeGroup(stores), GROUP);

  constructor({ storage, catalogue, ledger }: StorePorts) {
    this.#storage = storage;
    this.#catalogue = catalogue;
    this.#ledger = ledger;
  }

  /**
   * Settles when all of the store is on disk under its names.
   *
   * @throws {ConflictError} other bytes stand under a name; they were left as they are.
   */
  add(store: Store): Promise<void> {
    return this.#groups.add(store);
  }

  /**
   * Stores a group of recordings: all notes, then each one's bytes and its sidecar, then all events, then all rows, which drop
   * the notes. Bytes and sidecars are brought to disk before anything gets a name, so that this takes the disk's time once.
   */
  async #storeGroup(stores: readonly Store[]): Promise<readonly GroupOutcome[]> {
    const written = stores.map(toWritten);
    await this.#catalogue.intend(written.map((store) => toPendingNote(toRecord(store), this.#ledger)));
    const outcomes = await Promise.all(written.map((store) => this.#placeStore(store)));
    const stored = written.filter((_, index) => outcomes[index] === undefined);
    await this.#storage.settle(stored.flatMap(({ located, files }) => [located.key, ...files.map(({ key }) => key)]));
    const events = stored.map(({ located, change, sha256 }) => toStoreEvent(located, change, sha256));
    if (events.length > 0) await this.#ledger.append(events);
    await this.#catalogue.put(stored.map(({ located, text }) => toCatalogueRecording(located, text)));
    return outcomes;
  }

  /** Bytes that get no name leave no note; those that have got one need it, until their sidecar is there. */
  async #placeStore({ located, files, text }: WrittenStore): Promise<GroupOutcome> {
    const record = this.#storage.stage("record");
    let isNamed = false;
    try {
      await record.write(Readable.from([Buffer.from(text)]), () => undefined);
      await sealAll([record, ...files.map(({ staged }) => staged)]);
      for (const { staged, key, overwrite } of files) {
        await staged.place(key, { overwrite });
        isNamed = true;
      }
      await record.place(located.key, { overwrite: true });
      return undefined;
    } catch (error) {
      if (!isNamed) await this.#catalogue.drop(located.sidecar.recordingId).catch(() => undefined); // The first error counts.
      return { error };
    } finally {
      await record.discard();
    }
  }
}

/** A store with its sidecar as it will lie on disk. */
interface WrittenStore extends Store {
  readonly text: string;
  readonly sha256: Sha256Hex;
}

function toWritten(store: Store): WrittenStore {
  const text = toSidecarText(store.located.sidecar);
  return { ...store, text, sha256: toTextDigest(text) };
}

function toRecord({ located: { key, sidecar }, sha256, files }: WrittenStore): PendingRecord {
  const { recordingId, original } = sidecar;
  const originalKey = toSiblingKey(key, original.file);
  const isKeyInSidecar = original.stored !== undefined && files.some((file) => file.key === originalKey);
  return { recordingId, key, sha256, originalSha256: toBytesOnDisk(original).sha256, isKeyInSidecar };
}

/** Waits for all of them also when one fails: a file that is being brought to disk must not be closed. */
async function sealAll(staged: readonly StagedObject[]): Promise<void> {
  const outcomes = await Promise.allSettled(staged.map((each) => each.seal()));
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}
