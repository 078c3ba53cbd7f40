import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { SeenFile } from "../../../src/io/seen-file.ts";
import { walkFiles } from "../../../src/io/walk-files.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

async function walk(folder: string): Promise<readonly SeenFile[]> {
  const files: SeenFile[] = [];
  for await (const file of walkFiles(folder)) files.push(file);
  return files.toSorted((one, other) => (one.path < other.path ? -1 : 1));
}

test("all that is no folder, hidden and oddly named too, with its size", async () => {
  const folder = await makeTemporaryFolder();
  await mkdir(join(folder, "a/.b"), { recursive: true });
  await mkdir(join(folder, "empty"));
  const names = ["a/.b/c", "a/.d", "e [1]*?.wav", "f\\g", "h\ni\r.wav", "é"];
  for (const name of names) await writeFile(join(folder, name), name);
  const expected = names.map((path) => ({ path, sizeBytes: Buffer.byteLength(path), isRegular: true }));
  expect(await walk(folder)).toMatchObject(expected.toSorted((one, other) => (one.path < other.path ? -1 : 1)));
});

test("what cannot be looked at is told of and stops nothing, or ends the walk", async () => {
  const folder = await makeTemporaryFolder();
  await writeFile(join(folder, "a.wav"), "a");
  // Node reads this as another name, under which there is nothing.
  await mkdir(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff])]));
  const told: string[] = [];
  const found: string[] = [];
  for await (const { path } of walkFiles(`${folder}/`, (path) => told.push(path))) found.push(path);
  expect([found, told]).toEqual([["a.wav"], [`${folder}/\uFFFD`]]);
  await expect(walk(folder)).rejects.toThrow(/ENOENT/);
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
