import { ThreadedTransfers } from "../../../../dist/ingest/transfer/threaded-transfers.js";
import { type HoldfastError, isHoldfastError } from "../../../../src/core/errors.ts";
import { DirectTransfers, type TransferSettings } from "../../../../src/ingest/transfer/direct-transfers.ts";
import type { Transfers } from "../../../../src/ingest/transfer/transfer.ts";
import { BYTES, SHA256 } from "./transfer-rig.ts";

const SETTINGS: TransferSettings = {
  baseUrl: "http://127.0.0.1:1/v2",
  allowPrivateHosts: false,
  timeoutMs: 20_000,
  concurrency: 4,
  bytesPerSecond: undefined,
};

/** The threads' program is the built one; its brands are not those of the sources. */
function openThreaded(options: TransferSettings & { readonly threads: number }): Transfers {
  return new ThreadedTransfers(options) as unknown as Transfers;
}

/** What brings recordings to disk, by what a test calls it. */
export const DRIVERS: readonly (readonly [string, (settings: Partial<TransferSettings>) => Transfers])[] = [
  ["in this thread", (settings) => new DirectTransfers({ ...SETTINGS, ...settings })],
  ["in threads of their own", (settings) => openThreaded({ ...SETTINGS, ...settings, threads: 2 })],
];

/** What is known of the rig's body when all of it has come. */
export const WHOLE = { sizeBytes: BYTES.length, sha256: SHA256 };

/** Expects a failure of our own, whatever thread it comes from. */
export async function failureOf(running: Promise<unknown>): Promise<HoldfastError> {
  const error = await running.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isHoldfastError(error)) throw error ?? new Error("it did not fail");
  return error;
}
