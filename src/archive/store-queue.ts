import { Readable } from "node:stream";
import { Grouped, type GroupOutcome } from "../async/grouped.ts";
import type { Catalogue, PendingSidecar } from "../catalogue/catalogue.ts";
import type { StorageKey } from "../core/storage-key.ts";
import type { StagedObject, Storage } from "../storage/storage.ts";
import { type LocatedSidecar, toCatalogueRecording, toSidecarText, toTextDigest } from "./sidecar.ts";

/** A sidecar to be written, after the files that it speaks of have got their names. */
export interface Store {
  readonly located: LocatedSidecar;
  readonly files: readonly { readonly staged: StagedObject; readonly key: StorageKey; readonly overwrite: boolean }[];
}

/** Stores that share a trip to the disk: enough to make its cost small, few enough to lose little in a crash. */
const GROUP = { maxItems: 64, lingerMs: 20 };

/**
 * Writes bytes, sidecar and catalogue row of each recording, in that order. Stores that wait at the same time share what
 * it costs to bring them to disk; one that fails harms no other.
 */
export class StoreQueue {
  readonly #storage: Storage;
  readonly #catalogue: Catalogue;
  readonly #groups = new Grouped<Store>((stores) => this.#storeGroup(stores), GROUP);

  constructor({ storage, catalogue }: { readonly storage: Storage; readonly catalogue: Catalogue }) {
    this.#storage = storage;
    this.#catalogue = catalogue;
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
   * Stores a group of recordings: all notes, then each one's bytes and its sidecar, then all rows. Bytes and sidecars are
   * brought to disk before anything gets a name, so that this takes the disk's time once.
   */
  async #storeGroup(stores: readonly Store[]): Promise<readonly GroupOutcome[]> {
    const texts = stores.map(({ located }) => toSidecarText(located.sidecar));
    await this.#catalogue.intend(stores.map(({ located }, index) => toNote(located, texts[index] ?? "")));
    const outcomes = await Promise.all(stores.map((store, index) => this.#placeStore(store, texts[index] ?? "")));
    const stored = stores.filter((_, index) => outcomes[index] === undefined);
    await this.#storage.settle(stored.flatMap(({ located, files }) => [located.key, ...files.map(({ key }) => key)]));
    const rows = stores.map(({ located }, index) => toCatalogueRecording(located, texts[index] ?? ""));
    await this.#catalogue.put(rows.filter((_, index) => outcomes[index] === undefined));
    return outcomes;
  }

  /** Bytes that get no name leave no note; those that have got one need it, until their sidecar is there. */
  async #placeStore({ located, files }: Store, text: string): Promise<GroupOutcome> {
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

function toNote({ key, sidecar }: LocatedSidecar, text: string): PendingSidecar {
  const { recordingId, original } = sidecar;
  return { recordingId, key, sha256: toTextDigest(text), originalSha256: original.sha256 };
}

/** Waits for all of them also when one fails: a file that is being brought to disk must not be closed. */
async function sealAll(staged: readonly StagedObject[]): Promise<void> {
  const outcomes = await Promise.allSettled(staged.map((each) => each.seal()));
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}
