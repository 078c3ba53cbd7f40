import type { ArchivedFile } from "../../core/archived-file.ts";
import type { StorageKey } from "../../core/storage-key.ts";
import type { Candidate, HealSource } from "./heal-source.ts";

/** A place that has copies under the same keys as the archive. */
export interface KeyedReader {
  readonly traits: { readonly location: string };
  /** @throws {NotFoundError} there is no such object. */
  read(key: StorageKey, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** Copies that lie under the archive's own keys in another storage, and nowhere else. */
export class KeyedHealSource implements HealSource {
  readonly traits: { readonly location: string };
  readonly #reader: KeyedReader;

  constructor(reader: KeyedReader) {
    this.#reader = reader;
    this.traits = { location: reader.traits.location };
  }

  async *candidates({ key }: ArchivedFile, signal?: AbortSignal): AsyncGenerator<Candidate> {
    yield { origin: `${this.traits.location}/${key}`, read: () => this.#reader.read(key, signal) };
  }

  close(): Promise<void> {
    return this.#reader.close();
  }
}
