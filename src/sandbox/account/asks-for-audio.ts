import type { FastifyRequest } from "fastify";

/** Tells whether a request to the account's recording wants its bytes: only `audio/mpeg` does, of a WAV too [K]. */
export function asksForAudio({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes("audio/mpeg") ?? false;
}
