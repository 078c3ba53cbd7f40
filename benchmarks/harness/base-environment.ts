import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where Holdfast makes the key that signs ledgers; it is gone with the benchmarks. */
const KEY_PATH = join(tmpdir(), `holdfast-bench-${process.pid}.key`);
process.once("exit", () => rmSync(KEY_PATH, { force: true }));

/** Nothing of the user's own settings reaches a subject, no key of theirs is made or used, and all speak and sort the same way. */
export function toBaseEnvironment(): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", LC_ALL: "C", HOLDFAST_LEDGER_KEY_FILE: KEY_PATH };
}
