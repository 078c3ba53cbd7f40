import { Secret } from "../../core/secret.ts";
import { VendorResponseError } from "../errors.ts";
import { SignInReply } from "../schema.ts";
import { toApiUrl } from "./api-url.ts";
import type { Session } from "./exchanged-credential.ts";
import type { HttpTransport } from "./http-transport.ts";
import { requestJson } from "./request-json.ts";

/** What {@link signIn} needs. */
export interface SignInOptions {
  readonly baseUrl: string;
  readonly apiKey: Secret;
}

const SUBJECT = "sign-in";

/**
 * Exchanges the key for a token: `PUT /api_auth` [O]. Ends within the transport's timeout.
 *
 * @throws {VendorUnauthorizedError} the key is not accepted.
 * @throws {VendorResponseError} the answer holds no token.
 */
export async function signIn(transport: HttpTransport, { baseUrl, apiKey }: SignInOptions): Promise<Session> {
  const request = {
    method: "PUT",
    url: toApiUrl(baseUrl, ["api_auth"]),
    json: { data: { api_key: apiKey.reveal() } },
    subject: SUBJECT,
    keepsEnvelope: true,
  } as const;
  const send = transport.send;
  const reply = await requestJson(
    { timeoutMs: transport.timeoutMs, send: ({ accept, ...rest }) => send({ ...rest, headers: { accept } }) },
    request,
    SignInReply,
  );
  const token = reply.auth_token ?? reply.data?.auth_token;
  if (token === undefined) throw new VendorResponseError(SUBJECT, "it holds no token");
  return { token: new Secret(token), accountId: reply.data?.account_id ?? undefined };
}
