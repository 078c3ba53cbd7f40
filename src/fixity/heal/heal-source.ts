import type { ArchivedFile } from "../../core/archived-file.ts";

/** Bytes that may be those of a recorded file. Nothing is believed of them before their digest fits. */
export interface Candidate {
  /** Where they come from, as a person reads it; holds no secrets. */
  readonly origin: string;
  /**
   * Reads them from start to end, once. Each chunk is good only until the next is asked for.
   *
   * @throws {HoldfastError} they cannot be read.
   */
  read(): AsyncIterable<Uint8Array>;
}

/**
 * Where copies of an archive's files may be had. Questions about different files may be asked side by side; whoever opens a
 * source closes it.
 */
export interface HealSource {
  /** What differs between drivers: the place as a person names it, without secrets. */
  readonly traits: { readonly location: string };

  /**
   * Gives what may be a copy of a file, the likeliest first, each only when the one before was no use. What may be one and
   * cannot be read is given too: reading it fails and says why.
   *
   * @throws {HoldfastError} the source cannot be asked.
   */
  candidates(wanted: ArchivedFile, signal?: AbortSignal): AsyncIterable<Candidate>;

  /** Closes its connections. It is not used afterwards. */
  close(): Promise<void>;
}
