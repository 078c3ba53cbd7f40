import type { CheckMessage, CheckProgress, CheckRequest } from "./check/check-messages.ts";
import { checkPackage } from "./check/check-package.ts";

/*
 * The worker that checks a package, so that the page stays usable meanwhile. It is asked once, and ended by the page.
 */

/** The page draws no more often than this. */
const TELLING_MS = 100;

let toldAtMs = 0;

function tell(message: CheckMessage): void {
  globalThis.postMessage(message);
}

function tellProgress(progress: CheckProgress): void {
  if (performance.now() - toldAtMs < TELLING_MS) return;
  toldAtMs = performance.now();
  tell({ kind: "progress", progress });
}

globalThis.onmessage = async ({ data }: MessageEvent<CheckRequest>) => {
  try {
    tell({ kind: "done", outcome: await checkPackage(data, tellProgress) });
  } catch (error) {
    tell({ kind: "failed", message: String(error) });
  }
};
