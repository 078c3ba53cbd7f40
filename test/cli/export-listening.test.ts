import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

const CUT = new URL("../../fixtures/audio/damaged/cut.wav", import.meta.url);
const HEADER_BYTES = 44;

test("an original that nothing can be made of is in the package, and it is told which and why there is no copy", async () => {
  const cwd = await makeTemporaryFolder();
  await writeFile(join(cwd, "empty.wav"), (await readFile(CUT)).subarray(0, HEADER_BYTES));
  const { code, stdout } = await runHoldfast(["export", "--case", "C", "--out", "out", "--with", "mp3", "empty.wav"], {
    cwd,
  });
  expect(code).toBe(0);
  expect(stdout).toContain("1 original without a copy for listening\n  empty.wav: there is no copy for listening: ");
  expect(stdout).toContain("data/originals/empty.wav");
  expect(stdout).not.toContain(".part");
});
