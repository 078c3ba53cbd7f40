import { join } from "node:path";
import type { ArchivedFile } from "../../core/archived-file.ts";
import type { Sha256Hex } from "../../core/digest.ts";
import { type HoldfastError, isHoldfastError } from "../../core/errors.ts";
import type { StorageKey } from "../../core/storage-key.ts";
import { StorageUnavailableError } from "../../io/errors.ts";
import { hashChunks } from "../../io/hash-chunks.ts";
import { readFileChunks } from "../../io/read-file.ts";
import { seeFile } from "../../io/seen-file.ts";
import type { Candidate, HealSource } from "./heal-source.ts";
import { indexBySize, type SizeIndex } from "./size-index.ts";

/**
 * Copies in a local folder: under the archive's own key, as in another archive of the same recordings, or as a file of any
 * name in any place. The folder is walked once, when a key leads to nothing that fits, and of its files only those are read
 * that have a wanted size, each once. Symbolic links in it are not followed.
 */
export class FolderHealSource implements HealSource {
  readonly traits: { readonly location: string };
  readonly #folder: string;
  #index: Promise<SizeIndex> | undefined;
  /** What was read already, by path. */
  readonly #digests = new Map<string, Promise<Sha256Hex | HoldfastError>>();

  constructor(folder: string) {
    this.#folder = folder;
    this.traits = { location: folder };
  }

  async *candidates({ key, sizeBytes, sha256 }: ArchivedFile, signal?: AbortSignal): AsyncGenerator<Candidate> {
    const namesake = join(this.#folder, key);
    if (await this.#mayBeFile(key)) yield toCandidate(namesake, signal);
    this.#index ??= indexBySize(this.#folder, signal);
    const { names, unlisted } = await this.#index;
    for (const name of names(sizeBytes)) {
      const path = join(this.#folder, name);
      if (path === namesake) continue;
      const found = await this.#digestOf(path, signal);
      if (found === sha256) yield toCandidate(path, signal);
      else if (isHoldfastError(found)) yield toFailing(path, found);
    }
    if (unlisted > 0) yield toFailing(this.#folder, toUnlistedError(unlisted));
  }

  async close(): Promise<void> {
    this.#digests.clear();
  }

  /** What cannot be looked at is left for the reading of it to tell. */
  async #mayBeFile(key: StorageKey): Promise<boolean> {
    try {
      return (await seeFile(join(this.#folder, key), key)).isRegular;
    } catch {
      return true;
    }
  }

  #digestOf(path: string, signal: AbortSignal | undefined): Promise<Sha256Hex | HoldfastError> {
    const known = this.#digests.get(path) ?? tryHash(path, signal);
    this.#digests.set(path, known);
    return known;
  }
}

async function tryHash(path: string, signal: AbortSignal | undefined): Promise<Sha256Hex | HoldfastError> {
  try {
    return (await hashChunks(readFileChunks(path, signal))).sha256;
  } catch (error) {
    if (isHoldfastError(error)) return error;
    throw error;
  }
}

function toCandidate(path: string, signal: AbortSignal | undefined): Candidate {
  return { origin: path, read: () => readFileChunks(path, signal) };
}

function toFailing(origin: string, error: HoldfastError): Candidate {
  return {
    origin,
    read: () => {
      throw error;
    },
  };
}

function toUnlistedError(count: number): StorageUnavailableError {
  return new StorageUnavailableError(`not all of it could be looked at (places left out: ${count})`);
}
