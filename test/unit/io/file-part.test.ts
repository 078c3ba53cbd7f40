import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { NotFoundError } from "../../../src/io/errors.ts";
import { withFilePart } from "../../../src/io/file-part.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const span = { startByte: 3, endByte: 7 };

test("a part stands alone while it is used, and is gone afterwards, also when its use fails", async () => {
  const folder = await makeTemporaryFolder();
  const path = join(folder, "whole");
  await writeFile(path, "0123456789");
  const part = await withFilePart({ path, span, folder }, (partPath) => readFile(partPath, "utf8"));
  expect(part).toBe("3456");
  const failing = withFilePart({ path, span, folder }, () => Promise.reject(new Error("no use")));
  await expect(failing).rejects.toThrow("no use");
  expect(await readdir(folder)).toEqual(["whole"]);
});

test("of a file that is not there no part is left", async () => {
  const folder = await makeTemporaryFolder();
  const missing = withFilePart({ path: join(folder, "none"), span, folder }, async () => "used");
  await expect(missing).rejects.toBeInstanceOf(NotFoundError);
  expect(await readdir(folder)).toEqual([]);
});
