import { parentPort, workerData } from "node:worker_threads";
import { tellLoaded } from "../../async/thread-pool.ts";
import { type ErrorRecord, isHoldfastError, toErrorRecord } from "../../core/errors.ts";
import { DirectTransfers, type TransferSettings } from "./direct-transfers.ts";
import type { TransferJob, Transferred } from "./transfer.ts";

/*
 * The program of a thread that downloads.
 */

/** What a thread gives back. An error goes as data: one that is cloned loses its class and its fields. */
export type ThreadAnswer =
  | { readonly type: "done"; readonly transferred: Transferred }
  | { readonly type: "failed"; readonly error: ErrorRecord };

/** How a long body comes along. */
export interface ThreadNews {
  readonly subject: string;
  readonly bytes: number;
}

const transfers = new DirectTransfers(workerData as TransferSettings);

/** Does one job. */
export default async function transfer(job: TransferJob): Promise<ThreadAnswer> {
  const onBytes = (bytes: number) => parentPort?.postMessage({ subject: job.subject, bytes } satisfies ThreadNews);
  try {
    return { type: "done", transferred: await transfers.run(job, { onBytes }) };
  } catch (error) {
    if (!isHoldfastError(error)) throw error;
    return { type: "failed", error: toErrorRecord(error) };
  }
}

tellLoaded();
