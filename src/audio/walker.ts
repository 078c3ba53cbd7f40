import type { Structure } from "./structure.ts";

/** Takes a run of audio bytes, valid only during the call. Runs follow one another in file order. */
export type AudioSink = (run: Uint8Array) => void;

/**
 * Reads one container's structure from chunks of any size, in order.
 *
 * The result does not depend on how the file is split. Memory is bounded whatever the bytes say, nothing
 * throws on damaged input, and a chunk may be reused by the caller as soon as `push` returns.
 */
export interface Walker {
  push(chunk: Uint8Array): void;
  /**
   * Tells that the file ends here; called once, after which nothing may be pushed.
   *
   * @returns undefined when the bytes turned out not to be this container at all.
   */
  end(): Structure | undefined;
}
