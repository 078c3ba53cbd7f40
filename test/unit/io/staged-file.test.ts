import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { ConflictError } from "../../../src/io/errors.ts";
import { StagedFile } from "../../../src/io/staged-file.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const chunks = (...texts: string[]) => Readable.from(texts.map((text) => Buffer.from(text)));
const ignore = () => undefined;

async function listTree(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .toSorted();
}

test("nothing stands under the final name until commit, and then all of it", async () => {
  const folder = await makeTemporaryFolder();
  const staged = new StagedFile(join(folder, "tmp"), "a");
  const seen: string[] = [];
  await staged.write(chunks("one", "two"), (chunk) => seen.push(Buffer.from(chunk).toString()));
  expect(seen).toEqual(["one", "two"]);
  expect(await listTree(folder)).toEqual([expect.stringMatching(/^a\.[0-9a-f]{8}\.part$/)]);
  await staged.commit(join(folder, "x/y/final.txt"));
  expect(await listTree(folder)).toEqual(["final.txt"]);
  expect(await readFile(join(folder, "x/y/final.txt"), "utf8")).toBe("onetwo");
});

test("what stands there is kept unless it may be replaced", async () => {
  const folder = await makeTemporaryFolder();
  const final = join(folder, "final.txt");
  await writeFile(final, "old");
  const staged = new StagedFile(folder, "a");
  await staged.write(chunks("new"), ignore);
  await expect(staged.commit(final)).rejects.toThrow(ConflictError);
  expect(await readFile(final, "utf8")).toBe("old");
  await staged.commit(final, { overwrite: true });
  expect(await readFile(final, "utf8")).toBe("new");
  expect(await listTree(folder)).toEqual(["final.txt"]);
});

test("discard removes it, also before anything was written and after commit", async () => {
  const folder = await makeTemporaryFolder();
  const [unwritten, written, committed] = [1, 2, 3].map(() => new StagedFile(folder, "a"));
  await written?.write(chunks("x"), ignore);
  await committed?.write(chunks("y"), ignore);
  await committed?.commit(join(folder, "kept"));
  for (const staged of [unwritten, written, committed]) await staged?.discard();
  expect(await listTree(folder)).toEqual(["kept"]);
});

test("an error of the chunks comes through as it is", async () => {
  const folder = await makeTemporaryFolder();
  const staged = new StagedFile(folder, "a");
  const broken = Readable.from(
    (async function* () {
      yield Buffer.from("x");
      throw new RangeError("reset");
    })(),
  );
  await expect(staged.write(broken, ignore)).rejects.toThrow(RangeError);
  await staged.discard();
  expect(await listTree(folder)).toEqual([]);
});

test("a folder that cannot be made is an error of the storage, and ends", async () => {
  const folder = await makeTemporaryFolder();
  await writeFile(join(folder, "file"), "");
  const staged = new StagedFile(join(folder, "file", "tmp"), "a");
  await expect(staged.write(chunks("x"), ignore)).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
});

test("of two that are named at the same moment one gets the name, and the other's bytes are nowhere", async () => {
  const folder = await makeTemporaryFolder();
  const rivals = ["x", "y"].map((text) => ({ text, staged: new StagedFile(folder, text) }));
  for (const { text, staged } of rivals) await staged.write(chunks(text), ignore);
  const named = await Promise.allSettled(rivals.map(({ staged }) => staged.commit(join(folder, "final"))));
  for (const { staged } of rivals) await staged.discard();
  expect(named.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  const winner = rivals[named.findIndex(({ status }) => status === "fulfilled")];
  expect(await readFile(join(folder, "final"), "utf8")).toBe(winner?.text);
  expect(await listTree(folder)).toEqual(["final"]);
});
