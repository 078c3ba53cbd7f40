import type { CheckMessage, CheckProgress, CheckRequest } from "./check-messages.ts";
import type { CheckOutcome } from "./check-outcome.ts";

/** What is told while a check runs. */
export interface RunningCheck {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: CheckProgress) => void;
}

/**
 * Runs a check in a worker of the page's own text, and ends the worker with it.
 *
 * @throws {Error} the browser does not let it run, or not to its end; or the signal's reason.
 */
export async function runCheck(source: string, request: CheckRequest, running: RunningCheck): Promise<CheckOutcome> {
  const { signal, onProgress } = running;
  signal.throwIfAborted();
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(address);
  try {
    return await new Promise<CheckOutcome>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      worker.onerror = ({ message }) => reject(new Error(message || "the browser does not start it"));
      worker.onmessage = ({ data }: MessageEvent<CheckMessage>) => {
        if (data.kind === "progress") onProgress(data.progress);
        else if (data.kind === "done") resolve(data.outcome);
        else reject(new Error(data.message));
      };
      worker.postMessage(request);
    });
  } finally {
    worker.terminate();
    URL.revokeObjectURL(address);
  }
}
