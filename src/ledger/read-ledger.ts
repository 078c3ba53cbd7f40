import type { Finding } from "../core/finding.ts";
import type { LedgerEntry } from "../core/ledger-event.ts";
import { NotFoundError } from "../io/errors.ts";
import { LedgerBrokenError } from "./errors.ts";
import { toLedgerPaths } from "./ledger-paths.ts";
import { walkEvents } from "./walk-events.ts";

/** What {@link readLedger} is to do with the events. */
export interface ReadLedgerOptions {
  readonly onEntry: (entry: LedgerEntry) => void;
  readonly signal?: AbortSignal | undefined;
}

/** What was read of a ledger. */
export interface LedgerReading {
  /** Whole lines, whatever they hold. */
  readonly read: number;
  /** Lines that no run of this program leaves behind. */
  readonly findings: readonly Finding[];
}

/**
 * Reads the events of a ledger, which another process may be writing: up to the last whole line, without a lock. Nothing of
 * what they tell is proven by that.
 *
 * @throws {LedgerBrokenError} they are gone.
 * @throws {StorageUnavailableError} they cannot be read.
 */
export async function readLedger(folder: string, options: ReadLedgerOptions): Promise<LedgerReading> {
  const { events } = toLedgerPaths(folder);
  try {
    const { size, findings } = await walkEvents(events, { ...options, sizes: [], isGrowing: true });
    return { read: size, findings };
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw new LedgerBrokenError(`the events are gone: ${events}`, { cause: error });
  }
}
