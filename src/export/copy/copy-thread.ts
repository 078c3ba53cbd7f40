import { tellLoaded } from "../../async/thread-pool.ts";
import { Identifier, toHeaderless } from "../../audio/identify.ts";
import { WaveformTaker } from "../../audio/waveform.ts";
import { type ErrorRecord, isHoldfastError, toErrorRecord } from "../../core/errors.ts";
import { copyFile, syncFile } from "../../io/copy-file.ts";
import { FileDigests } from "../../io/file-digests.ts";
import type { Copied, CopyRequest } from "./copier.ts";

/*
 * The program of a thread that copies files, and brings them to disk.
 */

/** What a thread does at a time. */
export interface CopyTask {
  readonly requests: readonly CopyRequest[];
  /** Copies to be brought to disk. */
  readonly settled: readonly string[];
  /** One word; another value than 0 asks to stop. */
  readonly stop: Int32Array;
}

/** What a thread gives back. An error goes as data: one that is cloned loses its class and its fields. */
export type CopyAnswer =
  | { readonly type: "done"; readonly copied: readonly Copied[] }
  | { readonly type: "stopped" }
  | { readonly type: "failed"; readonly error: ErrorRecord };

/** Large enough that the hash, not the system calls, sets the pace. */
const BUFFER_BYTES = 1 << 20;

const buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);

/** Thrown where work ends because somebody asked for it. */
class StoppedError extends Error {}

/** Does one task. */
export default function copyFiles({ requests, settled, stop }: CopyTask): CopyAnswer {
  try {
    const copied = requests.map((request) => copy(request, stop));
    for (const path of settled) {
      throwIfStopped(stop);
      syncFile(path);
    }
    return { type: "done", copied };
  } catch (error) {
    if (error instanceof StoppedError) return { type: "stopped" };
    if (!isHoldfastError(error)) throw error;
    return { type: "failed", error: toErrorRecord(error) };
  }
}

function copy(request: CopyRequest, stop: Int32Array): Copied {
  const { from, to, algorithms } = request;
  const hashing = new FileDigests(algorithms);
  const text = request.text ? new TextGathering() : undefined;
  const identifier = request.identity ? new Identifier({ headerless: toHeaderless(from) }) : undefined;
  const waveform = request.waveform ? new WaveformTaker() : undefined;
  const sight = copyFile(from, to, {
    buffer,
    beforeChunk: () => throwIfStopped(stop),
    onChunk: (chunk, sizeBytes) => {
      hashing.push(chunk, sizeBytes);
      text?.push(chunk);
      identifier?.push(chunk);
      waveform?.push(chunk);
    },
  });
  if (sight.kind === "absent") return { kind: "absent" };
  if (sight.kind === "other") return { kind: "unreadable", reason: `a ${sight.what} stands there` };
  if (sight.kind === "unreadable") return { kind: "unreadable", reason: sight.reason };
  return {
    kind: "copied",
    sizeBytes: sight.trace.sizeBytes,
    digests: hashing.end(),
    text: text?.end(),
    identity: identifier?.end(),
    waveform: waveform?.end(),
  };
}

function throwIfStopped(stop: Int32Array): void {
  if (Atomics.load(stop, 0) !== 0) throw new StoppedError("stopped");
}

/** Keeps a file's text. */
class TextGathering {
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #text = "";

  push(chunk: Buffer): void {
    this.#text += this.#decoder.decode(chunk, { stream: true });
  }

  end(): string {
    return this.#text + this.#decoder.decode();
  }
}

tellLoaded();
