import type { StorageKey } from "../core/storage-key.ts";
import type { CommitOptions } from "../io/staged-file.ts";

/** What a storage says of an object when it lists it. */
export interface ObjectName {
  readonly key: StorageKey;
  /** False when something else than a file's own bytes stands under the key, such as a symbolic link. */
  readonly isRegular: boolean;
}

/** What a storage says of one object without reading it. */
export interface ObjectStat extends ObjectName {
  readonly sizeBytes: number;
}

/**
 * Bytes on their way into a storage. They are on this machine's disk until {@link commit}, because ffmpeg needs
 * a file it can seek in and a digest must be known before the object appears.
 *
 * Whoever stages ends it: `commit` or `discard`, and `discard` after either is harmless.
 */
export interface StagedObject {
  /** A file that another program may write once {@link prepare} has been called. */
  readonly path: string;
  /** Makes the file at {@link path}, empty, for another program that is going to fill it. */
  prepare(): Promise<void>;
  /** Writes all chunks to the file, calling `onChunk` with each before it is written. */
  write(chunks: AsyncIterable<Uint8Array>, onChunk: (chunk: Uint8Array) => void): Promise<void>;
  /** Makes the bytes durable, still without a key. Idempotent. */
  seal(): Promise<void>;
  /**
   * Gives the bytes their key as {@link commit} does, except that a power cut may take the key away again until
   * {@link Storage.settle} has been called with it.
   *
   * @throws {ConflictError} the key is taken and `overwrite` is not set.
   */
  place(key: StorageKey, options?: CommitOptions): Promise<void>;
  /**
   * Makes the bytes durable under their key. Other readers see nothing, or the object they had, until all of it
   * is there.
   *
   * @throws {ConflictError} the key is taken and `overwrite` is not set.
   * @throws {StorageFullError} no space left; not retryable.
   */
  commit(key: StorageKey, options?: CommitOptions): Promise<void>;
  /** Removes the bytes, if they were not committed. */
  discard(): Promise<void>;
}

/** Options of {@link Storage.takeOver}. */
export interface TakeOverOptions {
  /** @default false */
  readonly isRejected?: boolean;
}

/** Where something goes that must no longer stand under its key. */
export interface Aside {
  readonly key: StorageKey;
  /** Why it is there. */
  readonly note: { readonly key: StorageKey; readonly text: string };
}

/**
 * Where objects lie. One writer at a time, any number of readers; the archive sees to that.
 *
 * An object is complete or absent. Failures are `NotFoundError`, `ConflictError`, `StorageFullError` and
 * `StorageUnavailableError`; no driver retries.
 */
export interface Storage {
  /** What differs between drivers: the place as a person names it. */
  readonly traits: { readonly location: string };

  /** Begins an object; `name` starts its temporary name, for a person who looks. */
  stage(name: string): StagedObject;

  /**
   * Gives where bytes can be written that another run may go on with: the beginning of a path, as
   * `ResumableFile` takes it. Its folder is there.
   */
  resumableStem(name: string): Promise<string>;

  /** Gives how many bytes lie at {@link resumableStem}, for each name that earlier runs have left some of. */
  heldBytes(): Promise<ReadonlyMap<string, number>>;

  /**
   * Takes over bytes that were written at a {@link resumableStem}.
   *
   * @param options.isRejected - Whether they are moved away from there, so that no attempt goes on with them.
   */
  takeOver(path: string, options?: TakeOverOptions): Promise<StagedObject>;

  /** Makes the keys durable that staged objects were given with `place`. Together is cheaper than one by one. */
  settle(keys: readonly StorageKey[]): Promise<void>;

  /**
   * Reads an object from start to end. Each chunk is good only until the next is asked for.
   *
   * @throws {NotFoundError} there is no such object.
   */
  read(key: StorageKey, signal?: AbortSignal): AsyncIterable<Uint8Array>;

  /**
   * Moves what stands under a key to a free one, with a note: a file whether or not it can be read, a symbolic link as a link,
   * a folder with all that is in it. The note is on disk first, in place of any other under its key. It is removed again if
   * the move fails; after a crash between the two it speaks of a move that was not made.
   *
   * @throws {NotFoundError} nothing stands there.
   * @throws {ConflictError} something stands where it is to go.
   */
  setAside(key: StorageKey, aside: Aside): Promise<void>;

  /** Removes objects for good. Idempotent: one that is not there is none the worse. */
  remove(keys: readonly StorageKey[]): Promise<void>;

  /** Looks at one object; undefined when there is none. */
  stat(key: StorageKey): Promise<ObjectStat | undefined>;

  /** Lists all objects below a prefix, in no particular order. A prefix that holds nothing gives nothing. */
  list(prefix: StorageKey): AsyncIterable<ObjectName>;

  /**
   * Calls `use` with a path where the object's bytes can be read as a local file, good until `use` settles.
   *
   * @throws {NotFoundError} there is no such object.
   */
  withLocalFile<T>(key: StorageKey, use: (path: string) => Promise<T>): Promise<T>;

  /**
   * Removes what dead runs left staged, but not bytes that can be gone on with, unless they were last written before
   * `heldSinceMs`. Called by the one writer before it begins; gives the number removed.
   */
  sweep(heldSinceMs: number): Promise<number>;
}
