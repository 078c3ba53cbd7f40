import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type WalkedFile, walkFiles } from "../../../src/io/walk-files.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

async function walk(folder: string): Promise<readonly WalkedFile[]> {
  const files: WalkedFile[] = [];
  for await (const file of walkFiles(folder)) files.push(file);
  return files.toSorted((one, other) => (one.path < other.path ? -1 : 1));
}

test("all that is no folder, hidden and oddly named too, with its size", async () => {
  const folder = await makeTemporaryFolder();
  await mkdir(join(folder, "a/.b"), { recursive: true });
  await mkdir(join(folder, "empty"));
  const names = ["a/.b/c", "a/.d", "e [1]*?.wav", "f\\g", "é"];
  for (const name of names) await writeFile(join(folder, name), name);
  const expected = names.map((path) => ({ path, sizeBytes: Buffer.byteLength(path), isRegular: true }));
  expect(await walk(folder)).toEqual(expected.toSorted((one, other) => (one.path < other.path ? -1 : 1)));
});

test("links and pipes are given and not followed", async () => {
  const folder = await makeTemporaryFolder();
  const elsewhere = await makeTemporaryFolder();
  await writeFile(join(elsewhere, "secret"), "x");
  await symlink(elsewhere, join(folder, "folder"));
  await symlink(join(elsewhere, "secret"), join(folder, "file"));
  await symlink("nowhere", join(folder, "broken"));
  execFileSync("mkfifo", [join(folder, "pipe")]);
  const found = await walk(folder);
  expect(found.map(({ path, isRegular }) => [path, isRegular])).toEqual(
    ["broken", "file", "folder", "pipe"].map((path) => [path, false]),
  );
});
