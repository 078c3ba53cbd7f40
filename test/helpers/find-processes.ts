import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

/** Finds the processes of a program that have a text among their arguments. */
export function findProcesses(program: string, text: string): readonly number[] {
  const { stdout } = spawnSync("ps", ["-ww", "-eo", "pid=,comm=,args="], { encoding: "utf8" });
  const rows = stdout.split("\n").map((line) => /^\s*(\d+) (\S+) +(.*)$/.exec(line));
  return rows.flatMap((row) => (row?.[2] === program && row[3]?.includes(text) ? [Number(row[1])] : []));
}

/** Waits until such a process runs. */
export async function waitForProcesses(program: string, text: string): Promise<readonly number[]> {
  for (;;) {
    const found = findProcesses(program, text);
    if (found.length > 0) return found;
    await sleep(10);
  }
}
