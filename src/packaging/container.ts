/** The forms in which a package can be handed over. */
export const PACKAGE_FORMS = ["dir", "zip", "tar"] as const;
export type PackageForm = (typeof PACKAGE_FORMS)[number];

/** The file by which a folder is known for a bag (RFC 8493 section 2.1.1). */
export const BAG_MARK = "bagit.txt";

/** Writes one file that holds others, one after the other, as they come. */
export interface ContainerWriter {
  /**
   * Adds a file. Chunks may be used again by whoever gives them once the next one is asked for.
   *
   * @param path - In the package, with forward slashes; the package's own folder is put before it.
   * @param read - Gives the bytes from the first on; called twice where their checksum has to stand before them.
   * @throws {StorageUnavailableError} there are more or fewer bytes than `sizeBytes`, or others the second time.
   * @throws what `read` throws, and what the destination throws; nothing more may be added then.
   */
  add(path: string, sizeBytes: number, read: () => AsyncIterable<Uint8Array>): Promise<void>;

  /** Writes what stands at the end. Nothing may be added after. */
  end(): Promise<void>;
}

/** What opening a writer needs. */
export interface ContainerWriterOptions {
  /** The folder in which all of it will lie when it is unpacked (RFC 8493 section 4.1). */
  readonly rootName: string;
  /** The time of change of every file in it, so that equal packages have equal bytes. */
  readonly modifiedAtMs: number;
  /** Takes the container's bytes in order; a chunk is not kept when it settles. */
  readonly write: (chunk: Uint8Array) => Promise<void>;
}

/** A file that lies in a container as it is, neither compressed nor in pieces. */
export interface ContainedFile {
  /** From the one folder on that all lies in. */
  readonly path: string;
  /** Where its bytes are in the container's file. */
  readonly startByte: number;
  readonly endByte: number;
}
