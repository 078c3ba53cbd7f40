import { createHash, type Hash, hash } from "node:crypto";
import type { DigestAlgorithm } from "../core/digest.ts";

/** Computes several digests of one file, whose chunks come in order. One use. */
export class FileDigests {
  readonly #algorithms: readonly DigestAlgorithm[];
  /** Of a file that comes in several chunks. */
  #hashes: readonly Hash[] | undefined;
  /** Of a file that comes in one, which is twice as fast for a small one. */
  #digests: readonly string[] | undefined;

  constructor(algorithms: readonly DigestAlgorithm[]) {
    this.#algorithms = algorithms;
  }

  /** Takes the next chunk, which is not kept, of a file of that size. */
  push(chunk: Uint8Array, sizeBytes: number): void {
    if (chunk.length === sizeBytes) this.#digests = this.#algorithms.map((algorithm) => hash(algorithm, chunk));
    else for (const each of this.#open()) each.update(chunk);
  }

  /** Gives them in the order of the algorithms, in lower-case hexadecimal. */
  end(): readonly string[] {
    return this.#digests ?? this.#open().map((each) => each.digest("hex"));
  }

  #open(): readonly Hash[] {
    this.#hashes ??= this.#algorithms.map((algorithm) => createHash(algorithm));
    return this.#hashes;
  }
}
