import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { lchown, mkdir, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { OWNER, sweepAbandoned, sweepWorkingFolders } from "../../../src/io/abandoned-files.ts";
import { StagedFile } from "../../../src/io/staged-file.ts";
import { withWorkingFolder } from "../../../src/io/working-folder.ts";
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

describe("working folders", () => {
  /** Other tests sweep the system's temporary files at the same time: these have a place of their own. */
  beforeEach(async () => {
    vi.stubEnv("TMPDIR", await makeTemporaryFolder());
    onTestFinished(() => void vi.unstubAllEnvs());
  });

  /** Makes a folder such as a process leaves when it is killed at work, with a file in it. */
  async function leaveFolder(owner: string): Promise<string> {
    const folder = join(tmpdir(), `holdfast-reproduce.${owner}.${randomBytes(3).toString("hex")}`);
    await mkdir(folder);
    await writeFile(join(folder, "output.0123abcd.part"), "x");
    return folder;
  }

  test("those of dead processes go with all that is in them; no link is followed", async () => {
    const [dead, elsewhere] = [await endProcess(), await makeTemporaryFolder()];
    await writeFile(join(elsewhere, "kept"), "");
    const abandoned = await leaveFolder(`${MACHINE}-${dead}`);
    await symlink(elsewhere, join(abandoned, "link"));
    const alive = await leaveFolder(`${MACHINE}-${await startProcess()}`);
    const other = await leaveFolder(`0123456789ab-${dead}`);
    const link = join(tmpdir(), `holdfast-reproduce.${MACHINE}-${dead}.abcdef`);
    await symlink(elsewhere, link);
    await sweepWorkingFolders();
    const left = (await readdir(tmpdir())).map((name) => join(tmpdir(), name));
    expect([abandoned, alive, other, link].filter((path) => left.includes(path))).toEqual([alive, other, link]);
    expect(await listTree(elsewhere)).toEqual(["kept"]);
  });

  test.skipIf(process.getuid?.() !== 0)("another user's stay", async () => {
    const folder = await leaveFolder(`${MACHINE}-${await endProcess()}`);
    await lchown(folder, 12_345, 12_345);
    await sweepWorkingFolders();
    expect(await listTree(folder)).toEqual(["output.0123abcd.part"]);
  });

  test("one's own is nobody else's to look into, is swept by nobody, and is gone afterwards", async () => {
    const folder = await withWorkingFolder("reproduce", async (path) => {
      expect((await stat(path)).mode & 0o777).toBe(0o700);
      await writeFile(join(path, "x"), "");
      await sweepWorkingFolders();
      expect(await listTree(path)).toEqual(["x"]);
      return path;
    });
    expect(folder).toMatch(new RegExp(`^${tmpdir()}/holdfast-reproduce\\.${OWNER}\\.[0-9A-Za-z]{6}$`));
    await expect(stat(folder)).rejects.toThrow("ENOENT");
  });

  test("it is gone, too, when its work throws", async () => {
    let folder = "";
    const failing = withWorkingFolder("reproduce", async (path) => {
      folder = path;
      throw new RangeError("enough");
    });
    await expect(failing).rejects.toThrow("enough");
    await expect(stat(folder)).rejects.toThrow("ENOENT");
  });
});
