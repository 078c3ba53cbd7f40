import type { Secret } from "../../core/secret.ts";

/** How the key is sent: the page shows `X-Auth-Token` in each curl and a bearer in both code samples. */
export type KeyScheme = "token" | "bearer";

/** How a caller proves who it is: with the key itself, or with a token that the key is exchanged for [O]. */
export type AuthScheme = KeyScheme | "exchange";

/** Headers of a request, by lower-case name. */
export type Headers = Readonly<Record<string, string>>;

/** What proves to the API who is calling. */
export interface Credential {
  /** Gives the headers that carry the key or a token. */
  headers(signal?: AbortSignal): Promise<Headers>;

  /** Gives the account that an exchange told of, if there was one. */
  accountId(signal?: AbortSignal): Promise<string | undefined>;

  /**
   * Makes a new token after one was refused; several callers that were refused together make one.
   *
   * @param refused - The headers that were answered with 401.
   * @returns false when there is nothing to renew: the key itself was refused.
   */
  renew(refused: Headers, signal?: AbortSignal): Promise<boolean>;
}

/** Writes a key or a token the way the vendor reads it. */
export function toKeyHeaders(key: Secret, scheme: KeyScheme): Headers {
  return scheme === "bearer" ? { authorization: `Bearer ${key.reveal()}` } : { "x-auth-token": key.reveal() };
}

/** The key itself, sent with every request. */
export class KeyCredential implements Credential {
  readonly #headers: Headers;

  constructor(key: Secret, scheme: KeyScheme) {
    this.#headers = toKeyHeaders(key, scheme);
  }

  async headers(): Promise<Headers> {
    return this.#headers;
  }

  async accountId(): Promise<undefined> {
    return undefined;
  }

  async renew(): Promise<boolean> {
    return false;
  }
}
