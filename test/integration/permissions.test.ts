import { chmod, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listTree } from "../helpers/list-tree.ts";
import { AS_USER, giveToUser, isRoot, needProgram } from "../helpers/powerless-user.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { readFixture } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { openTinyVendor } from "../helpers/tiny-vendor.ts";

const DAY = "archive/recordings/2024/01/15";

/** An archive with two recordings, made by a run that has ended. */
async function makeArchive(): Promise<string> {
  const cwd = await makeTemporaryFolder();
  const bytes = await readFixture("mp3-32k-8000.mp3");
  const vendor = await openTinyVendor(["rec_1", "rec_2"].map((id) => ({ id, bytes })));
  const env = { AUDIAN_BASE_URL: vendor.baseUrl, AUDIAN_API_KEY: "key" };
  expect((await runHoldfast(["fetch"], { cwd, env })).code).toBe(0);
  return cwd;
}

async function verify(cwd: string) {
  const { code, stdout, stderr } = await runHoldfast(["verify", "--json"], { cwd, ...AS_USER });
  expect(stderr).not.toMatch(/\n\s+at /);
  const report = JSON.parse(stdout);
  const found = report.findings.map(({ kind, subject }: { kind: string; subject: string }) => `${kind} ${subject}`);
  return { code, report, stderr, found: found.toSorted() };
}

describe("what cannot be read is a finding and stops nothing", () => {
  test("a file", async ({ skip }) => {
    const cwd = await makeArchive();
    await needProgram(skip, cwd);
    await giveToUser(cwd);
    await chmod(join(cwd, DAY, "rec_1.mp3"), 0);
    const { code, report, found } = await verify(cwd);
    expect([code, report.counts.done]).toEqual([4, 4]);
    expect(found).toEqual([`unreadable ./${DAY}/rec_1.mp3`]);
  });

  test("a folder", async ({ skip }) => {
    const cwd = await makeArchive();
    await needProgram(skip, cwd);
    await giveToUser(cwd);
    await chmod(join(cwd, DAY), 0);
    const { code, found } = await verify(cwd);
    await chmod(join(cwd, DAY), 0o755);
    expect(code).toBe(4);
    const files = ["rec_1.json", "rec_1.mp3", "rec_2.json", "rec_2.mp3"].map((name) => `unreadable ./${DAY}/${name}`);
    expect(found).toEqual(["unreadable ./archive", ...files]);
  });
});

/** What is made in an archive is its owner's alone, and another user would not come as far as the catalogue. */
async function letAllRead(folder: string): Promise<void> {
  for (const path of ["", ...(await readdir(folder, { recursive: true }))]) await chmod(join(folder, path), 0o755);
}

test("an archive that may not be written is no broken catalogue, and nobody is told to delete it", async ({ skip }) => {
  const cwd = await makeArchive();
  await needProgram(skip, cwd);
  const before = await listTree(cwd);
  if (isRoot) await letAllRead(join(cwd, "archive"));
  else for (const path of ["archive/catalogue.sqlite", "archive/tmp"]) await chmod(join(cwd, path), 0o555);
  const { code, report, stderr } = await verify(cwd);
  expect(code).toBe(1);
  expect(report.failures).toMatchObject([{ code: "STORAGE_UNAVAILABLE" }]);
  expect(stderr).not.toMatch(/delete/);
  expect(await listTree(cwd)).toEqual(before);
});

test("a folder that may not be written gets no output, and it is said so", async ({ skip }) => {
  const cwd = await makeTemporaryFolder();
  await needProgram(skip, cwd);
  if (!isRoot) await chmod(cwd, 0o555);
  const source = join(import.meta.dirname, "../../fixtures/audio/ok/wav-128k-8000.wav");
  const { code, stdout, stderr } = await runHoldfast(["convert", source, "--to", "mp3", "--out", ".", "--json"], {
    cwd,
    ...AS_USER,
  });
  expect([code, stderr.match(/\n\s+at /)]).toEqual([1, null]);
  expect(JSON.parse(stdout).results).toMatchObject([{ status: "failed" }]);
  expect(await listTree(cwd)).toEqual([]);
});

test("where the archive cannot be closed, one report is printed, what was done stands, and it is not said that all went well", async ({
  skip,
}) => {
  const cwd = await makeArchive();
  await needProgram(skip, cwd);
  await giveToUser(cwd);
  await chmod(join(cwd, "archive/ledger/checkpoints"), 0o500);
  const held = await runHoldfast(["hold", "add", "Smith", "--recording", "rec_1", "--json"], { cwd, ...AS_USER });
  expect([held.code, JSON.parse(held.stdout).results]).toMatchObject([1, [{ case: "Smith", status: "held" }]]);
  expect(held.stderr).toMatch(/what was done stands; closing the archive failed.*\n.*STORAGE_UNAVAILABLE/);
  await chmod(join(cwd, "archive/ledger/checkpoints"), 0o700);
  const { code, stdout } = await runHoldfast(["hold", "list"], { cwd, ...AS_USER });
  expect([code, stdout]).toEqual([0, expect.stringContaining("Smith")]);
});
