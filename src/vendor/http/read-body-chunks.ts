import type { Readable } from "node:stream";
import { type Call, toTransportError } from "./transport-error.ts";

/**
 * Gives a body's bytes as they come, once. Stopping early closes the connection; failures come translated, also
 * those from before the first read.
 */
export async function* readBodyChunks(body: Readable, call: Call): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw toTransportError(error, call);
  }
}
