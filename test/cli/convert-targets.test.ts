import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listTree, withRecords } from "../helpers/list-tree.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

test("one target that cannot be named takes no other with it, and each is told as it is", async () => {
  const cwd = await makeTemporaryFolder();
  await copyFile(join(import.meta.dirname, "../../fixtures/audio/ok/wav-128k-8000.wav"), join(cwd, "x.wav"));
  await mkdir(join(cwd, "o/x.mp3"), { recursive: true });
  const args = ["convert", "x.wav", "--to", "opus,mp3", "--out", "o", "--on-conflict", "replace", "--json"];
  const { code, stdout } = await runHoldfast(args, { cwd });
  const { results }: { results: readonly { status: string; output: { path: string } }[] } = JSON.parse(stdout);
  expect(code).toBe(3);
  expect(results.map(({ status, output }) => [output.path, status])).toEqual([
    ["o/x.opus", "encoded"],
    ["o/x.mp3", "failed"],
  ]);
  expect(await listTree(cwd)).toEqual([...withRecords("o/x.opus"), "x.wav"]);
});
