import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { toStorageKey } from "../../../src/core/storage-key.ts";
import { FsStorage } from "../../../src/storage/fs/fs-storage.ts";
import { describeStorage } from "../../contract/storage.contract.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

describeStorage("FsStorage", async () => new FsStorage(await makeTemporaryFolder()));

test("a symbolic link is listed and is no regular file", async () => {
  const root = await makeTemporaryFolder();
  await mkdir(join(root, "recordings"));
  await writeFile(join(root, "elsewhere"), "x");
  await symlink(join(root, "elsewhere"), join(root, "recordings", "link.mp3"));
  const storage = new FsStorage(root);
  const key = toStorageKey("recordings", "link.mp3");
  expect((await storage.stat(key))?.isRegular).toBe(false);
  const listed = [];
  for await (const object of storage.list(toStorageKey("recordings"))) listed.push([object.key, object.isRegular]);
  expect(listed).toEqual([[key, false]]);
});

test.each(["", "a//b", "../a", "a/./b", "/a"])("%j is no key", (text) => {
  expect(() => toStorageKey(text)).toThrow("internal error");
});
