import { randomBytes } from "node:crypto";
import type { Clock } from "../core/clock.ts";

/** How long a download link is good for. See the API page, "Download Recording". */
const LIFETIME_MS = 24 * 3_600_000;

/** The download links given out since the start; each is an unguessable token that stands for one recording. */
export class TemporaryLinks {
  readonly #clock: Clock;
  readonly #links = new Map<string, { readonly recordingId: string; readonly expiresAtMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Makes a link's token, good for 24 hours. */
  issue(recordingId: string): string {
    const token = randomBytes(24).toString("base64url");
    this.#links.set(token, { recordingId, expiresAtMs: this.#clock.now() + LIFETIME_MS });
    return token;
  }

  /** Returns the recording that a token stands for; undefined for a token that has expired or never was. */
  tryRedeem(token: string): string | undefined {
    const link = this.#links.get(token);
    return link !== undefined && this.#clock.now() < link.expiresAtMs ? link.recordingId : undefined;
  }
}
