import type { Dispatcher } from "undici";
import { tryParseJson } from "../../core/try-parse-json.ts";
import { VendorRedirectError, VendorResponseError } from "../errors.ts";
import { type Schema, toProblem, WrappedReply } from "../schema.ts";
import type { ClientRequest } from "./http-client.ts";
import { toTransportError } from "./transport-error.ts";
import { tryReadText } from "./try-read-text.ts";

/** A page of 50 recordings is some 20 KiB; whatever sends more than this is not the documented API. */
const MAX_REPLY_BYTES = 16 * 1024 * 1024;

/** A request that is answered with JSON. */
export interface JsonRequest extends Omit<ClientRequest, "accept"> {
  /** Whether the schema is that of the whole envelope, for what stands beside its `data` [O]. */
  readonly keepsEnvelope?: boolean;
}

/** What sends a request whose whole exchange must end in time. */
export interface JsonSender {
  readonly timeoutMs: number;
  send(request: ClientRequest): Promise<Dispatcher.ResponseData>;
}

/**
 * Sends a request and returns its checked reply, taken out of the vendor's envelope when it is in one [O].
 * The whole exchange must end within the sender's timeout.
 *
 * @throws {VendorResponseError} the reply is longer than 16 MiB, not JSON or not of the schema.
 * @throws {VendorRedirectError} the server sends us on, which is documented for downloads only.
 * @throws {VendorUnavailableError} the connection failed or took too long.
 */
export async function requestJson<T>(sender: JsonSender, request: JsonRequest, schema: Schema<T>): Promise<T> {
  const { subject, signal } = request;
  const deadline = AbortSignal.timeout(sender.timeoutMs);
  const combined = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  try {
    const reply = await sender.send({ ...request, accept: "application/json", signal: combined });
    return parseReply(await readReply(reply, subject), request, schema);
  } catch (error) {
    throw toTransportError(error, { subject, signal });
  }
}

async function readReply(reply: Dispatcher.ResponseData, subject: string): Promise<string> {
  if (reply.statusCode >= 300) {
    await reply.body.dump();
    throw new VendorRedirectError(subject, `status ${reply.statusCode} where only a reply is documented`);
  }
  const text = await tryReadText(reply.body, MAX_REPLY_BYTES);
  if (text === undefined) throw new VendorResponseError(subject, `longer than ${MAX_REPLY_BYTES} bytes`);
  return text;
}

function parseReply<T>(text: string, { subject, keepsEnvelope }: JsonRequest, schema: Schema<T>): T {
  const value = tryParseJson(text);
  if (value === undefined) throw new VendorResponseError(subject, "not JSON");
  const wrapped = WrappedReply.safeParse(value);
  const checked = schema.safeParse(wrapped.success && !keepsEnvelope ? wrapped.data.data : value);
  if (!checked.success) throw new VendorResponseError(subject, toProblem(checked.error), { cause: checked.error });
  return checked.data;
}
