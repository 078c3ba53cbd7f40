import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Clock } from "../../core/clock.ts";
import type { DrawnFault } from "./fault-plan.ts";
import type { Chunks } from "./faulty-bytes.ts";

/** Where the sandbox's other servers are, once they listen. */
export interface Origins {
  readonly storage: string;
  readonly otherHost: string;
}

/** A request that a fault was drawn for, and its answer. */
export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly drawn: DrawnFault;
  readonly origins: Origins;
  readonly clock: Clock;
}

/** A body as a route made it. */
export type Payload = string | Buffer | Readable | null | undefined;

/** Returns a body's bytes. */
export function toChunks(payload: Payload): Chunks {
  if (payload instanceof Readable) return payload;
  return Readable.from(payload === null || payload === undefined ? [] : [Buffer.from(payload)]);
}

/** Returns a body's size, which a streamed one has told in its head. */
export function toSizeBytes({ reply }: Exchange, payload: Payload): number {
  if (payload === null || payload === undefined) return 0;
  if (payload instanceof Readable) return Number(reply.getHeader("content-length"));
  return Buffer.byteLength(payload);
}
