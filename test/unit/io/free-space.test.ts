import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { assertFreeBytes } from "../../../src/io/free-space.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

test("room for a little is there, and for more than the disk holds is not", async () => {
  const folder = await makeTemporaryFolder();
  const { blocks, bsize } = await statfs(folder);
  await assertFreeBytes(folder, 1);
  await expect(assertFreeBytes(folder, blocks * bsize + 1)).rejects.toMatchObject({
    code: "STORAGE_FULL",
    message: expect.stringContaining(folder),
  });
});

test("a folder that is not there is told as such", async () => {
  const folder = await makeTemporaryFolder();
  await expect(assertFreeBytes(join(folder, "none"), 1)).rejects.toMatchObject({ code: "STORAGE_NOT_FOUND" });
});
