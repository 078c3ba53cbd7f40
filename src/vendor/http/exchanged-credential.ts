import { untilAborted } from "../../async/until-aborted.ts";
import type { Secret } from "../../core/secret.ts";
import { type Credential, type Headers, toKeyHeaders } from "./credential.ts";

/** What signing in gives. */
export interface Session {
  readonly token: Secret;
  readonly accountId: string | undefined;
}

/**
 * A token that the key is exchanged for [O]. It lives about an hour [K], and signing in is dear [K]: there is one
 * exchange at a time, and however many callers were refused with a token, it is renewed once.
 */
export class ExchangedCredential implements Credential {
  readonly #signIn: () => Promise<Session>;
  #session: Promise<Session> | undefined;

  /** @param signIn - Ends by itself in time: nobody who waits for it can break it off for the others. */
  constructor(signIn: () => Promise<Session>) {
    this.#signIn = signIn;
  }

  async headers(signal?: AbortSignal): Promise<Headers> {
    return toHeaders(await this.#wait(signal));
  }

  async accountId(signal?: AbortSignal): Promise<string | undefined> {
    return (await this.#wait(signal)).accountId;
  }

  async renew(refused: Headers, signal?: AbortSignal): Promise<boolean> {
    const session = this.#session;
    if (session === undefined) return true;
    if (toHeaders(await untilAborted(session, signal))["x-auth-token"] !== refused["x-auth-token"]) return true;
    // Another caller may have begun to renew it while this one waited.
    if (this.#session === session) this.#session = undefined;
    await this.#wait(signal);
    return true;
  }

  #wait(signal: AbortSignal | undefined): Promise<Session> {
    this.#session ??= this.#begin();
    return untilAborted(this.#session, signal);
  }

  /** A failed attempt is forgotten, so that the next caller makes another. */
  #begin(): Promise<Session> {
    const session = this.#signIn();
    session.catch(() => {
      if (this.#session === session) this.#session = undefined;
    });
    return session;
  }
}

function toHeaders({ token }: Session): Headers {
  return toKeyHeaders(token, "token");
}
