import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Clock } from "../core/clock.ts";
import type { Secret } from "../core/secret.ts";

/** What decides who may ask. */
export interface CredentialsOptions {
  readonly apiKey: Secret;
  readonly clock: Clock;
  /** How long a token is good for that the key was exchanged for. */
  readonly tokenLifeMs: number;
}

/** The key, and the tokens that it was exchanged for. */
export class Credentials {
  readonly #options: CredentialsOptions;
  readonly #expiries = new Map<string, number>();

  constructor(options: CredentialsOptions) {
    this.#options = options;
  }

  /** Gives a token for the key; undefined for any other. */
  tryExchange(key: string): string | undefined {
    const { apiKey, clock, tokenLifeMs } = this.#options;
    if (key !== apiKey.reveal()) return undefined;
    const token = randomBytes(24).toString("base64url");
    this.#expiries.set(token, clock.now() + tokenLifeMs);
    return token;
  }

  /** Tells whether a request carries the key or a token, as `X-Auth-Token` or as `Authorization: Bearer`. */
  accepts(headers: IncomingHttpHeaders): boolean {
    const text = toCredential(headers);
    if (text === undefined) return false;
    return text === this.#options.apiKey.reveal() || this.#options.clock.now() < (this.#expiries.get(text) ?? 0);
  }
}

/** Returns what a request carries for a key or token. */
export function toCredential({ "x-auth-token": token, authorization }: IncomingHttpHeaders): string | undefined {
  return token === undefined ? authorization?.replace(/^Bearer /, "") : String(token);
}
