import { readdirSync } from "node:fs";
import { setPriority } from "node:os";
import { UsageError } from "./errors.ts";

/**
 * Makes the system prefer other programs' work to that of this one: its threads get the given nice value, and those that
 * they start inherit it. On Linux the priority of reading and writing follows from it.
 *
 * @param nice - 0 to 19, the more the later.
 * @throws {UsageError} the system refuses, as it does for a value below the one that the process has.
 * @see ioprio_set(2), section "I/O scheduling classes": a thread without a class of its own
 */
export function lowerPriority(nice: number): void {
  try {
    for (const thread of listThreads()) setPriority(thread, nice);
  } catch (error) {
    throw new UsageError(`--nice ${nice} is refused by the system`, { cause: error });
  }
}

/** On Linux a nice value is a thread's, not the process' (setpriority(2), "C library/kernel differences"). */
function listThreads(): readonly number[] {
  return process.platform === "linux" ? readdirSync("/proc/self/task").map(Number) : [0];
}
