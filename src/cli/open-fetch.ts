import { openSource, openTransfers } from "../compose.ts";
import type { Secret } from "../core/secret.ts";
import type { DownloadLimits } from "../ingest/download-task.ts";
import type { FetchPorts } from "../ingest/fetch-plan.ts";
import { type PatienceOptions, toPace } from "../ingest/fetch-run.ts";
import type { CommandContext } from "./command.ts";
import { RETRY } from "./retry.ts";

/** How fast a fetch may go. */
export interface FetchSpeed {
  /** Requests begun per second. */
  readonly perSecond: number | undefined;
  readonly bytesPerSecond: number | undefined;
}

/** All that a fetch needs but the archive. */
export interface FetchKit extends Omit<FetchPorts, "archive"> {
  readonly concurrency: number;
  readonly patience: PatienceOptions;
}

/** No bounds but those that every download has. */
export const NO_LIMITS: DownloadLimits = { maxFileSizeBytes: undefined, readsTwice: false };
export const FULL_SPEED: FetchSpeed = { perSecond: undefined, bytesPerSecond: undefined };

/** Downloads side by side: enough to hide the way to the vendor, few enough not to be turned away. */
const DEFAULT_CONCURRENCY = 8;

/** Connects to the vendor for a fetch, and closes all connections when `use` settles. */
export async function withFetchKit<T>(
  { config: { settings }, clock, signal, cores }: CommandContext,
  { apiKey, speed }: { readonly apiKey: Secret; readonly speed: FetchSpeed },
  use: (kit: FetchKit) => Promise<T>,
): Promise<T> {
  const concurrency = settings.concurrency ?? DEFAULT_CONCURRENCY;
  const pace = toPace({ concurrency, perSecond: speed.perSecond, retry: RETRY, clock });
  const source = await openSource(settings, { apiKey, clock });
  const transfers = await openTransfers(settings, { concurrency, cores, bytesPerSecond: speed.bytesPerSecond });
  try {
    return await use({ source, transfers, concurrency, patience: { pace, retry: RETRY, signal } });
  } finally {
    await Promise.all([source.close(), transfers.close()]);
  }
}
