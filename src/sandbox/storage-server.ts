import Fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import type { AudioFormat } from "../core/audio-format.ts";
import type { Secret } from "../core/secret.ts";
import { ApiError, answerWithApiErrors } from "./api-error.ts";
import { tryParseByteRange } from "./byte-range.ts";
import { addFaults, addFaultyLinks, type FaultPorts } from "./faults/add-faults.ts";
import { isCompleted } from "./is-completed.ts";
import type { RetainedRecordings } from "./retained-recordings.ts";
import type { SandboxFolder } from "./sandbox-folder.ts";
import { sendAudio } from "./send-audio.ts";
import type { TemporaryLinks } from "./temporary-links.ts";

/** What the storage serves from. */
export interface StorageServerPorts {
  readonly retained: RetainedRecordings;
  readonly folder: SandboxFolder;
  readonly links: TemporaryLinks;
  readonly faults: FaultPorts;
  readonly apiKey: Secret;
  /** Whether each answer tells the digest of the whole file. See RFC 9530. */
  readonly reprDigest: boolean;
}

/** The storage as a server that is not yet listening. */
export interface StorageServer {
  readonly server: FastifyInstance;
  /** Returns how many requests carried a key, which the storage has no business to see. */
  leakedKeys(): number;
}

const MEDIA_TYPES: Readonly<Record<AudioFormat, string>> = { mp3: "audio/mpeg", wav: "audio/wav", opus: "audio/ogg" };

/**
 * Makes a server that download links lead to. It asks for no key and serves the bytes with a strong ETag and
 * single ranges, as storage behind signed links does (the page says nothing about that side).
 */
export function createStorageServer(ports: StorageServerPorts): StorageServer {
  const { retained, folder, links, reprDigest } = ports;
  const server = Fastify({ forceCloseConnections: true, exposeHeadRoutes: false });
  let leakedKeys = 0;
  answerWithApiErrors(server);
  server.addHook("onRequest", async (request) => {
    if (carriesKey(request, ports.apiKey.reveal())) leakedKeys++;
  });
  addFaults(server, ports.faults);
  addFaultyLinks(server);
  server.get<{ Params: { token: string } }>("/:token/:fileName", async (request, reply) => {
    const recordingId = links.tryRedeem(request.params.token);
    if (recordingId === undefined) throw new ApiError("forbidden");
    const recording = retained.find(recordingId);
    if (!isCompleted(recording)) throw new ApiError("not_found");
    const { sizeBytes, sha256 } = recording.file;
    const etag = `"${sha256.slice(0, 32)}"`;
    reply.headers({ "Accept-Ranges": "bytes", ETag: etag, ...(reprDigest && { "Repr-Digest": toReprDigest(sha256) }) });
    const range = toRange(request, { etag, sizeBytes });
    const mediaType = MEDIA_TYPES[recording.format];
    return sendAudio(reply, { path: folder.audioFile(recording), sizeBytes, mediaType, range });
  });
  return { server, leakedKeys: () => leakedKeys };
}

/** A key is one by its header, or wherever the sandbox's own stands: in the address, or in another header. */
function carriesKey({ url, headers }: FastifyRequest, key: string): boolean {
  if (headers["x-auth-token"] !== undefined || headers.authorization !== undefined) return true;
  return [url, ...Object.values(headers)].some((text) => text?.includes(key));
}

/** @see RFC 9530 section 3 */
function toReprDigest(sha256: string): string {
  return `sha-256=:${Buffer.from(sha256, "hex").toString("base64")}:`;
}

/** Looks at Range only when If-Range is absent or names this very file (RFC 9110 section 13.1.5). */
function toRange({ headers }: FastifyRequest, { etag, sizeBytes }: { etag: string; sizeBytes: number }) {
  const condition = headers["if-range"];
  return condition === undefined || condition === etag ? tryParseByteRange(headers.range, sizeBytes) : undefined;
}
