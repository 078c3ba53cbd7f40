import type { Dispatcher } from "undici";
import { VendorRedirectError, VendorResponseError } from "../errors.ts";
import type { Download } from "../recording-source.ts";
import { findHeader } from "./find-header.ts";
import type { HttpClient } from "./http-client.ts";
import { readBodyChunks } from "./read-body-chunks.ts";
import { toRedirectTarget } from "./redirect-target.ts";
import { type Call, toTransportError } from "./transport-error.ts";

const MAX_REDIRECTS = 5;
const REDIRECT_STATUSES: readonly number[] = [301, 302, 303, 307, 308];

/**
 * The server behind the API likely answers any other wish, `*` included, with the metadata as JSON, even when
 * the audio is WAV [K]; hosts of temporary addresses do not look at this.
 */
const ACCEPT = "audio/mpeg, audio/*;q=0.9, */*;q=0.1";

/** Content types of error pages and metadata. Whether other bytes are audio is decided by the bytes. */
const NOT_BYTES = /^(?:text\/html|application\/(?:xhtml\+xml|json|[\w.-]+\+json))\s*(?:;|$)/i;

/**
 * Opens the bytes at an address of the API, following at most five redirects by hand.
 *
 * @throws {VendorRedirectError} a redirect leads where we do not go, or there are too many.
 * @throws {VendorResponseError} the reply is a page or metadata, compressed, or not the whole body.
 * @throws {VendorUnavailableError} the connection failed, also while `chunks` are read.
 */
export async function openDownload(client: HttpClient, url: URL, call: Call): Promise<Download> {
  try {
    const reply = await followRedirects(client, url, call);
    const problem = findProblem(reply);
    if (problem !== undefined) {
      await reply.body.dump();
      throw new VendorResponseError(call.subject, problem);
    }
    return {
      contentType: findHeader(reply, "content-type"),
      sizeBytes: toSizeBytes(findHeader(reply, "content-length")),
      chunks: readBodyChunks(reply.body, call),
    };
  } catch (error) {
    throw toTransportError(error, call);
  }
}

async function followRedirects(client: HttpClient, start: URL, call: Call): Promise<Dispatcher.ResponseData> {
  let url = start;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const reply = await client.send({ ...call, method: "GET", url, accept: ACCEPT });
    if (!REDIRECT_STATUSES.includes(reply.statusCode)) return reply;
    await reply.body.dump();
    url = toRedirectTarget(findHeader(reply, "location"), url, call.subject);
  }
  throw new VendorRedirectError(call.subject, `more than ${MAX_REDIRECTS} redirects`);
}

function findProblem(reply: Dispatcher.ResponseData): string | undefined {
  if (reply.statusCode !== 200) return `status ${reply.statusCode} instead of the recording's bytes`;
  const type = findHeader(reply, "content-type");
  if (type !== undefined && NOT_BYTES.test(type)) return `${type.split(";")[0]} instead of the recording's bytes`;
  const encoding = findHeader(reply, "content-encoding") ?? "identity";
  return encoding === "identity" ? undefined : "compressed although that was not asked for";
}

function toSizeBytes(contentLength: string | undefined): number | undefined {
  return contentLength !== undefined && /^\d{1,15}$/.test(contentLength) ? Number(contentLength) : undefined;
}
