import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";

const MODULE = pathToFileURL(resolve("src/cli/lower-priority.ts")).href;

/** A process cannot be given its priority back, so that another one is asked. */
const SCRIPT = `
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { getPriority } from "node:os";
import { lowerPriority } from ${JSON.stringify(MODULE)};
await readFile("/proc/self/status"); // Begins the threads that files are read in.
lowerPriority(7);
console.log(JSON.stringify(readdirSync("/proc/self/task").map((thread) => getPriority(Number(thread)))));
`;

test.skipIf(process.platform !== "linux")("every thread gives way, those that read files too", () => {
  const { stdout } = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", SCRIPT], {
    encoding: "utf8",
  });
  const priorities: readonly number[] = JSON.parse(stdout);
  expect(priorities.length).toBeGreaterThan(1);
  expect(new Set(priorities)).toEqual(new Set([7]));
});
