import { createReadStream } from "node:fs";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { AudioFormat } from "../core/audio-format.ts";
import { ApiError, answerWithApiErrors } from "./api-error.ts";
import { tryParseByteRange } from "./byte-range.ts";
import type { SandboxFolder } from "./sandbox-folder.ts";
import type { SandboxStore } from "./sandbox-store.ts";
import type { CompletedRecording, StoredRecording } from "./schema.ts";
import type { TemporaryLinks } from "./temporary-links.ts";

/** What the storage serves from. */
export interface StorageServerPorts {
  readonly store: SandboxStore;
  readonly folder: SandboxFolder;
  readonly links: TemporaryLinks;
}

/** The storage as a server that is not yet listening. */
export interface StorageServer {
  readonly server: FastifyInstance;
  /** Returns how many requests carried a key, which the storage has no business to see. */
  leakedKeys(): number;
}

const MEDIA_TYPES: Readonly<Record<AudioFormat, string>> = { mp3: "audio/mpeg", wav: "audio/wav", opus: "audio/ogg" };

/**
 * Makes the server that download links lead to. It asks for no key and serves the bytes with a strong ETag and
 * single ranges, as storage behind signed links does (the page says nothing about that side).
 */
export function createStorageServer({ store, folder, links }: StorageServerPorts): StorageServer {
  const server = Fastify({ forceCloseConnections: true, exposeHeadRoutes: false });
  let leakedKeys = 0;
  answerWithApiErrors(server);
  server.addHook("onRequest", async ({ headers }) => {
    if (headers["x-auth-token"] !== undefined || headers.authorization !== undefined) leakedKeys++;
  });
  server.get<{ Params: { token: string } }>("/:token/:fileName", async (request, reply) => {
    const recordingId = links.tryRedeem(request.params.token);
    if (recordingId === undefined) throw new ApiError("forbidden");
    const recording = store.recording(recordingId);
    if (!isCompleted(recording)) throw new ApiError("not_found");
    return sendFile(request, reply, { path: folder.audioFile(recording), recording });
  });
  return { server, leakedKeys: () => leakedKeys };
}

function isCompleted(recording: StoredRecording | undefined): recording is CompletedRecording {
  return recording?.file !== undefined;
}

function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  { path, recording }: { path: string; recording: CompletedRecording },
): FastifyReply {
  const { sizeBytes, sha256 } = recording.file;
  const etag = `"${sha256.slice(0, 32)}"`;
  const range = toRange(request, { etag, sizeBytes });
  reply.headers({ "Accept-Ranges": "bytes", ETag: etag });
  if (range === "unsatisfiable") return reply.code(416).header("Content-Range", `bytes */${sizeBytes}`).send();
  const { first, last } = range ?? { first: 0, last: sizeBytes - 1 };
  reply.headers({ "Content-Type": MEDIA_TYPES[recording.format], "Content-Length": last - first + 1 });
  if (range !== undefined) reply.code(206).header("Content-Range", `bytes ${first}-${last}/${sizeBytes}`);
  return reply.send(createReadStream(path, { start: first, end: last }));
}

/** Looks at Range only when If-Range is absent or names this very file (RFC 9110 section 13.1.5). */
function toRange({ headers }: FastifyRequest, { etag, sizeBytes }: { etag: string; sizeBytes: number }) {
  const condition = headers["if-range"];
  return condition === undefined || condition === etag ? tryParseByteRange(headers.range, sizeBytes) : undefined;
}
