import type { Clock } from "../core/clock.ts";
import { isThere } from "../io/is-there.ts";
import type { Anchor, Keeping } from "../ledger/anchor.ts";
import type { AnchoredCheckpoint, AnchoredLedger } from "../ledger/anchor-file.ts";
import { storeStamp, toStampPath } from "../ledger/stamp-store.ts";
import { requestTimestamp } from "../timestamp/request-timestamp.ts";

/** What a {@link TimestampAnchor} needs beside the authority's address. */
export interface TimestampAnchorOptions {
  /** The folder of the ledger, where the answers are kept. */
  readonly ledgerFolder: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/**
 * An authority that stamps the time on checkpoints. It proves when a head was there; the answers lie in the archive, so that
 * they go with it when all of it is put back to an earlier state.
 *
 * @see RFC 3161
 */
export class TimestampAnchor implements Anchor {
  readonly place: string;
  readonly #url: string;
  readonly #options: TimestampAnchorOptions;

  /** @param url - Of http or https. Messages name its host alone. */
  constructor(url: string, options: TimestampAnchorOptions) {
    this.#url = url;
    this.place = new URL(url).host;
    this.#options = options;
  }

  /** The authority keeps nothing that the ledger could be held against. */
  async assertFits(): Promise<void> {}

  async checkpoints(): Promise<readonly AnchoredCheckpoint[]> {
    return [];
  }

  async keep(ledger: AnchoredLedger): Promise<Keeping> {
    const { ledgerFolder, timeoutMs, clock } = this.#options;
    const newest = ledger.newestCheckpoint();
    if (newest === undefined) return "already";
    const path = toStampPath(ledgerFolder, { size: newest.size, host: this.place });
    if (await isThere(path)) return "already";
    const { response } = await requestTimestamp(this.#url, Buffer.from(newest.note), { timeoutMs, clock });
    await storeStamp(path, response);
    return "kept";
  }
}
