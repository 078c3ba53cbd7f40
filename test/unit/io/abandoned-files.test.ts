import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { OWNER, sweepAbandoned } from "../../../src/io/abandoned-files.ts";
import { StagedFile } from "../../../src/io/staged-file.ts";
import { listTree } from "../../helpers/list-tree.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const MACHINE = OWNER.slice(0, OWNER.lastIndexOf("-"));

/** A process that lives until the test ends. */
async function startProcess(): Promise<number> {
  const child = spawn("sleep", ["600"], { stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child, "spawn");
  return child.pid ?? 0;
}

/** The number of a process that is dead and buried. */
async function endProcess(): Promise<number> {
  const child = spawn("true", { stdio: "ignore" });
  await once(child, "exit");
  return child.pid ?? 0;
}

test("what dead processes of this machine left is removed, and nothing else ever", async () => {
  const folder = await makeTemporaryFolder();
  const [dead, alive] = [await endProcess(), await startProcess()];
  const abandoned = [
    `.x.mp3.${MACHINE}-${dead}.0123abcd.part`,
    `.x.mp3.holdfast.json.${MACHINE}-${dead}.0123abcd.part`,
  ];
  const others = [
    `.x.mp3.${MACHINE}-${alive}.0123abcd.part`,
    `.x.mp3.${MACHINE}-${process.pid}.0123abcd.part`,
    `.x.mp3.0123456789ab-${dead}.0123abcd.part`,
    `x.mp3.${MACHINE}-${dead}.0123abcd.part`,
    `.x.mp3.${MACHINE}-${dead}.0123abcd.part.mp3`,
    `.x.mp3.${MACHINE}-${dead}.part`,
    `.x.mp3.${dead}.0123abcd.part`,
    "call.part",
    "x.mp3",
  ];
  for (const name of [...abandoned, ...others]) await writeFile(join(folder, name), "");
  await sweepAbandoned(folder);
  expect(await listTree(folder)).toEqual(others.toSorted());
});

test("the name of a file in the making tells its maker", async () => {
  const staged = new StagedFile("/o", `.x.mp3.${OWNER}`);
  expect(staged.path).toMatch(new RegExp(`^/o/\\.x\\.mp3\\.[0-9a-f]{12}-${process.pid}\\.[0-9a-f]{8}\\.part$`));
});

test("a folder that is not there has nothing in it, and a file is no folder", async () => {
  const folder = await makeTemporaryFolder();
  await sweepAbandoned(join(folder, "none"));
  await writeFile(join(folder, "file"), "");
  await expect(sweepAbandoned(join(folder, "file"))).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
});
