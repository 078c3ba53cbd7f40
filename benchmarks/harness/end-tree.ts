import { setTimeout as sleep } from "node:timers/promises";
import { listDescendants } from "./process-tree.ts";

/** How long a subject may take to end by itself once it is asked to. */
const GRACE_MS = 5000;
const POLL_MS = 50;

/**
 * Ends a process and all that it has started, also what began a session of its own: asked first, and killed
 * after a grace. Resolves when all of it is gone.
 */
export async function endTree(root: number): Promise<void> {
  const everyone = [root, ...listDescendants(root)];
  for (const pid of everyone) trySignal(pid, "SIGTERM");
  await waitForEnd(everyone);
  for (const pid of everyone.filter(isAlive)) trySignal(pid, "SIGKILL");
  await waitForEnd(everyone);
}

/** Waits no longer than the grace: where nobody waits for orphans, dead ones look alive for ever. */
async function waitForEnd(pids: readonly number[]): Promise<void> {
  const deadlineMs = performance.now() + GRACE_MS;
  while (pids.some(isAlive) && performance.now() < deadlineMs) await sleep(POLL_MS);
}

function isAlive(pid: number): boolean {
  return trySignal(pid, 0);
}

/** Tells whether there was anyone to take the signal. */
function trySignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}
