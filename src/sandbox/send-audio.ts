import { createReadStream } from "node:fs";
import type { FastifyReply } from "fastify";
import type { ByteRange } from "./byte-range.ts";

/** The bytes to answer with. */
export interface SentAudio {
  readonly path: string;
  readonly sizeBytes: number;
  readonly mediaType: string;
  /** What was asked for; undefined for all of it. */
  readonly range: ByteRange | "unsatisfiable" | undefined;
}

/** Answers with a file or a part of it. See RFC 9110 section 15.3.7. */
export function sendAudio(reply: FastifyReply, { path, sizeBytes, mediaType, range }: SentAudio): FastifyReply {
  if (range === "unsatisfiable") return reply.code(416).header("Content-Range", `bytes */${sizeBytes}`).send();
  const { first, last } = range ?? { first: 0, last: sizeBytes - 1 };
  reply.headers({ "Content-Type": mediaType, "Content-Length": last - first + 1 });
  if (range !== undefined) reply.code(206).header("Content-Range", `bytes ${first}-${last}/${sizeBytes}`);
  return reply.send(createReadStream(path, { start: first, end: last }));
}
