import { readFileSync } from "node:fs";

/** Gives what tells one start of this machine from another; undefined where the system does not say. */
export function tryReadBootId(): string | undefined {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return undefined; // Only Linux has it.
  }
}
