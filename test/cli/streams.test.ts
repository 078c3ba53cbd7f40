import { copyFile, mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listTree, withRecords } from "../helpers/list-tree.ts";
import { finish, runHoldfast, startHoldfast } from "../helpers/run-holdfast.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

const FIXTURE = join(import.meta.dirname, "../../fixtures/audio/ok/wav-128k-8000.wav");
const CONVERT = ["convert", "d", "--to", "mp3", "--out", "o"];

/** A folder with a recording, and a file that convert remarks on. */
async function makeFolder(): Promise<string> {
  const cwd = await makeTemporaryFolder();
  await mkdir(join(cwd, "d"));
  await copyFile(FIXTURE, join(cwd, "d/x.wav"));
  await writeFile(join(cwd, "d/notes.txt"), "");
  return cwd;
}

describe("a reader that goes away, as head does, ends nothing", () => {
  test.each(["stdout", "stderr"] as const)("%s", async (stream) => {
    const cwd = await makeFolder();
    const child = startHoldfast([...CONVERT, "--json"], { cwd });
    child[stream]?.destroy();
    const { code, stderr } = await finish(child);
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/EPIPE|\n\s+at /);
    expect(await listTree(join(cwd, "o"))).toEqual(withRecords("x.mp3"));
  });
});

test("a report that cannot be written is a failure, told without a stack", async () => {
  const cwd = await makeFolder();
  const full = await open("/dev/full", "w");
  const child = startHoldfast([...CONVERT, "--json"], { cwd, stdout: full.fd });
  const { code, stderr } = await finish(child).finally(() => full.close());
  expect(code).toBe(1);
  expect(stderr).toMatch(/cannot write the result/);
  expect(stderr).not.toMatch(/\n\s+at /);
});

describe("stdout is for results and stderr for the rest", () => {
  test("words", async () => {
    const { code, stdout, stderr } = await runHoldfast(CONVERT, { cwd: await makeFolder() });
    expect([code, stdout.trimEnd().split("\n").length]).toEqual([0, 1]);
    expect(stdout).toMatch(/^made 1 file \(/);
    expect(stderr).toMatch(/^holdfast: left out.*\n$/);
  });

  test("--quiet", async () => {
    const { stdout, stderr } = await runHoldfast([...CONVERT, "--quiet"], { cwd: await makeFolder() });
    expect([stdout.startsWith("made 1 file"), stderr]).toEqual([true, ""]);
  });

  test("--log-format json makes each line of stderr a document", async () => {
    const args = [...CONVERT, "--log-format", "json", "--json"];
    const { stdout, stderr } = await runHoldfast(args, { cwd: await makeFolder() });
    const lines = stderr.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(["info"]);
    expect(JSON.parse(stdout).outcome).toBe("ok");
  });
});
