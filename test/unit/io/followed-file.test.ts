import { appendFile, rename, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { NotFoundError } from "../../../src/io/errors.ts";
import { FollowedFile } from "../../../src/io/followed-file.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

async function follow(content: string | Buffer): Promise<FollowedFile> {
  const path = join(await makeTemporaryFolder(), "followed");
  await writeFile(path, content);
  return new FollowedFile(path);
}

test("each line comes once, when it is whole, and is counted", async () => {
  const file = await follow("a\nb\r\nc");
  expect(await file.takeLines()).toEqual({ lines: ["a", "b"], linesBefore: 0 });
  expect(await file.takeLines()).toEqual({ lines: [], linesBefore: 2 });
  await appendFile(file.path, "d\n\ne\n");
  expect(await file.takeLines()).toEqual({ lines: ["cd", "", "e"], linesBefore: 2 });
  expect(await file.takeLines()).toEqual({ lines: [], linesBefore: 5 });
});

test("a letter of which half was written stays one", async () => {
  const [first, second] = [Buffer.from([0x61, 0xc3]), Buffer.from([0xa9, 0x0a])];
  const file = await follow(first);
  expect((await file.takeLines()).lines).toEqual([]);
  await appendFile(file.path, second);
  expect((await file.takeLines()).lines).toEqual(["aé"]);
});

test("lines longer than one reading", async () => {
  const long = "x".repeat(3 << 20);
  const file = await follow(`${long}\n${long}`);
  expect((await file.takeLines()).lines).toEqual([long]);
  await appendFile(file.path, "\n");
  expect((await file.takeLines()).lines).toEqual([long]);
});

test("a file that was emptied is read from its beginning, without the half line of before", async () => {
  const file = await follow("a\nb\nhalf");
  await file.takeLines();
  await truncate(file.path, 0);
  await appendFile(file.path, "c\n");
  expect(await file.takeLines()).toEqual({ lines: ["c"], linesBefore: 0 });
});

test("a file in whose place another was put is read from its beginning", async () => {
  const file = await follow("a\nb\n");
  await file.takeLines();
  await rename(file.path, `${file.path}.1`);
  await writeFile(file.path, "c\n");
  expect(await file.takeLines()).toEqual({ lines: ["c"], linesBefore: 0 });
});

test("a file that is not there", async () => {
  const path = join(await makeTemporaryFolder(), "none");
  await expect(new FollowedFile(path).takeLines()).rejects.toThrow(NotFoundError);
});
