import type { Dispatcher } from "undici";
import type { Sha256Hex } from "../../core/digest.ts";
import { VendorRedirectError, VendorResponseError } from "../errors.ts";
import { type ContentRange, tryParseContentRange } from "./content-range.ts";
import type { Headers } from "./credential.ts";
import { findHeader } from "./find-header.ts";
import type { Send } from "./http-transport.ts";
import { readBodyChunks } from "./read-body-chunks.ts";
import { toRedirectTarget } from "./redirect-target.ts";
import { tryParseReprDigest } from "./repr-digest.ts";
import { type Call, toTransportError } from "./transport-error.ts";

/** Which bytes to ask for, and where. */
export interface DownloadRequest extends Call {
  readonly url: URL;
  /** Sent to the origin of `url` and to no other that a redirect leads to. */
  readonly headers: Headers;
  /** What is there already: the rest is asked for. */
  readonly held?: HeldBytes | undefined;
  /** Whether the connection is closed behind the body, so that the next request has to take another one. */
  readonly closes?: boolean | undefined;
  /** Awaited before the first redirect is followed. */
  readonly onRedirect?: (() => Promise<void>) | undefined;
}

/** The first bytes of a file that an earlier download left. */
export interface HeldBytes {
  /** At least 1. */
  readonly sizeBytes: number;
  /** Tells by its strong entity tag, if it has one, whether an answer is of the same file. */
  readonly isSame: (etag: string | undefined) => boolean;
}

/** The bytes of one recording on their way. */
export interface Download {
  /** What the server said the body is; the bytes decide. */
  readonly contentType: string | undefined;
  /** The size of the whole file, when the server tells. */
  readonly sizeBytes: number | undefined;
  /** Where the body begins in the file: 0, or behind what was held. */
  readonly firstByte: number;
  /** A strong entity tag, which two files never share. */
  readonly etag: string | undefined;
  /** The server's digest of the whole file (RFC 9530). */
  readonly sha256: Sha256Hex | undefined;
  /** Iterated once, to its end or until the caller stops; stopping closes the connection. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Closes the connection of a body that nobody is going to read; what is not read would gather in memory. */
  discard(): void;
}

const MAX_REDIRECTS = 5;
const REDIRECT_STATUSES: readonly number[] = [301, 302, 303, 307, 308];
const PARTIAL_CONTENT = 206;
const RANGE_NOT_SATISFIABLE = 416;

/**
 * The server behind the API likely answers any other wish, `*` included, with the metadata as JSON, even when
 * the audio is WAV [K]; hosts of temporary addresses do not look at this.
 */
const ACCEPT_AUDIO = "audio/mpeg, audio/*;q=0.9, */*;q=0.1";

/** Content types of error pages and metadata. Whether other bytes are audio is decided by the bytes. */
const NOT_BYTES = /^(?:text\/html|application\/(?:xhtml\+xml|json|[\w.-]+\+json))\s*(?:;|$)/i;

/**
 * Opens the bytes at an address, following at most five redirects by hand. What is held is gone on with only if the
 * answer is a 206 that begins exactly behind it, goes on to the end and is of the same file; whatever else a server makes of a
 * range, the file starts over.
 *
 * @throws {VendorRedirectError} a redirect leads where we do not go, or there are too many.
 * @throws {VendorResponseError} the reply is a page or metadata, compressed, or not the whole body.
 * @throws {VendorUnavailableError} the connection failed, also while `chunks` are read.
 */
export async function openDownload(send: Send, request: DownloadRequest): Promise<Download> {
  try {
    const reply = await followRedirects(send, request);
    const { held } = request;
    if (held !== undefined && reply.statusCode !== 200) {
      const range = reply.statusCode === PARTIAL_CONTENT ? toContinuation(reply, held) : undefined;
      if (range !== undefined) return toDownload(reply, request, range);
      drop(reply.body);
      return await openDownload(send, { ...request, held: undefined });
    }
    const problem = findProblem(reply);
    if (problem === undefined) return toDownload(reply, request, undefined);
    drop(reply.body);
    throw new VendorResponseError(request.subject, problem);
  } catch (error) {
    throw toTransportError(error, request);
  }
}

async function followRedirects(send: Send, request: DownloadRequest): Promise<Dispatcher.ResponseData> {
  const { url: start, subject, signal, held, closes, onRedirect } = request;
  let url = start;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const own = url.origin === start.origin ? request.headers : {};
    const headers = { accept: ACCEPT_AUDIO, ...own, ...toRangeHeaders(held) };
    const answers = held === undefined ? [] : [RANGE_NOT_SATISFIABLE];
    const isTemporary = redirects > 0;
    const reply = await send({ method: "GET", url, headers, answers, subject, signal, closes, isTemporary });
    if (!REDIRECT_STATUSES.includes(reply.statusCode)) return reply;
    await reply.body.dump();
    if (!isTemporary) await onRedirect?.();
    url = toRedirectTarget(findHeader(reply, "location"), url, subject);
  }
  throw new VendorRedirectError(subject, `more than ${MAX_REDIRECTS} redirects`);
}

/** There is no `If-Range`, which the server likely ignores [K]: the tag of the answer decides. */
function toRangeHeaders(held: HeldBytes | undefined): Headers {
  return held === undefined ? {} : { range: `bytes=${held.sizeBytes}-` };
}

/** Gives the range of a 206 that is just the rest of the same file. */
function toContinuation(reply: Dispatcher.ResponseData, held: HeldBytes): ContentRange | undefined {
  const range = tryParseContentRange(findHeader(reply, "content-range"));
  const isBehind = range?.firstByte === held.sizeBytes;
  const isWhole = range?.sizeBytes !== undefined && range.lastByte === range.sizeBytes - 1;
  const isSame = held.isSame(toStrongEtag(reply));
  if (!isBehind || !isWhole || !isSame || findCoding(reply) !== undefined) return undefined;
  // A body without what its `Content-Range` says is likely when the server takes the range for none [K].
  const lengthBytes = toSizeBytes(findHeader(reply, "content-length"));
  return lengthBytes === undefined || lengthBytes === range.lastByte - range.firstByte + 1 ? range : undefined;
}

function findProblem(reply: Dispatcher.ResponseData): string | undefined {
  if (reply.statusCode !== 200) return `status ${reply.statusCode} instead of the recording's bytes`;
  const type = findHeader(reply, "content-type");
  if (type !== undefined && NOT_BYTES.test(type)) return `${type.split(";")[0]} instead of the recording's bytes`;
  return findCoding(reply) === undefined ? undefined : "compressed although that was not asked for";
}

function findCoding(reply: Dispatcher.ResponseData): string | undefined {
  const encoding = findHeader(reply, "content-encoding");
  return encoding === "identity" ? undefined : encoding;
}

function toDownload(reply: Dispatcher.ResponseData, call: DownloadRequest, range: ContentRange | undefined): Download {
  return {
    contentType: findHeader(reply, "content-type"),
    sizeBytes: range === undefined ? toSizeBytes(findHeader(reply, "content-length")) : range.sizeBytes,
    firstByte: range?.firstByte ?? 0,
    etag: toStrongEtag(reply),
    sha256: tryParseReprDigest(findHeader(reply, "repr-digest")),
    chunks: readBodyChunks(reply.body, call),
    discard: () => drop(reply.body),
  };
}

/** A weak tag may stand for two files that differ in bytes (RFC 9110 section 8.8.3). */
function toStrongEtag(reply: Dispatcher.ResponseData): string | undefined {
  const etag = findHeader(reply, "etag");
  return etag !== undefined && /^"[\x21\x23-\x7e]*"$/.test(etag) ? etag : undefined;
}

function toSizeBytes(contentLength: string | undefined): number | undefined {
  return contentLength !== undefined && /^\d{1,15}$/.test(contentLength) ? Number(contentLength) : undefined;
}

function drop(body: Dispatcher.ResponseData["body"]): void {
  body.destroy().on("error", () => undefined);
}
