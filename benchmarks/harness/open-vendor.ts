import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { BenchmarkError } from "./errors.ts";
import type { RecordingSet } from "./generated-recordings.ts";

/** A vendor that serves generated recordings from a process of its own. */
export interface Vendor {
  /** `http://127.0.0.1:PORT/v2` */
  readonly baseUrl: string;
  /** Where download links lead, for clients that need no API: `http://127.0.0.1:PORT/storage/` has `ID.wav` of each. */
  readonly storageUrl: string;
  readonly close: () => Promise<void>;
}

/** How a vendor behaves. */
export interface VendorOptions {
  /** How long each answer is held back, as if it came from far away. @default 0 */
  readonly latencyMs?: number;
}

/** Any will do. */
export const VENDOR_API_KEY = "benchmark";

/**
 * Starts the vendor; the caller closes it.
 *
 * @throws {BenchmarkError} it does not start.
 */
export async function openVendor(
  { count, secondsEach }: RecordingSet,
  { latencyMs = 0 }: VendorOptions = {},
): Promise<Vendor> {
  const args = [count, secondsEach, latencyMs].map(String);
  const child = fork(fileURLToPath(new URL("./vendor-server.ts", import.meta.url)), args, { detached: true });
  const exit = once(child, "exit");
  const failed = exit.then(() => {
    throw new BenchmarkError("the vendor's server did not start");
  });
  const [ports] = (await Promise.race([once(child, "message"), failed])) as [{ apiPort: number; storagePort: number }];
  return {
    baseUrl: `http://127.0.0.1:${ports.apiPort}/v2`,
    storageUrl: `http://127.0.0.1:${ports.storagePort}/storage/`,
    close: async () => {
      child.disconnect();
      await exit;
    },
  };
}
