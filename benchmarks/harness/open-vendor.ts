import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { BenchmarkError } from "./errors.ts";
import type { RecordingSet } from "./generated-recordings.ts";

/** A vendor that serves generated recordings from a process of its own. */
export interface Vendor {
  /** `http://127.0.0.1:PORT/v2` */
  readonly baseUrl: string;
  /** Where download links lead, for clients that need no API. */
  readonly toStorageUrl: (recordingId: string) => string;
  readonly close: () => Promise<void>;
}

/** Any will do. */
export const VENDOR_API_KEY = "benchmark";

/**
 * Starts the vendor; the caller closes it.
 *
 * @throws {BenchmarkError} it does not start.
 */
export async function openVendor({ count, secondsEach }: RecordingSet): Promise<Vendor> {
  const child = fork(fileURLToPath(new URL("./vendor-server.ts", import.meta.url)), [`${count}`, `${secondsEach}`], {
    detached: true,
  });
  const exit = once(child, "exit");
  const failed = exit.then(() => {
    throw new BenchmarkError("the vendor's server did not start");
  });
  const [ports] = (await Promise.race([once(child, "message"), failed])) as [{ apiPort: number; storagePort: number }];
  return {
    baseUrl: `http://127.0.0.1:${ports.apiPort}/v2`,
    toStorageUrl: (recordingId) => `http://127.0.0.1:${ports.storagePort}/storage/${recordingId}.wav`,
    close: async () => {
      child.disconnect();
      await exit;
    },
  };
}
