import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadIds } from "../../../src/cli/load-ids.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

async function loadText(text: string): Promise<readonly string[]> {
  const path = join(await makeTemporaryFolder(), "ids.txt");
  await writeFile(path, text);
  return loadIds(path);
}

test("each line is an id, each counts once, and blank lines and remarks count as none", async () => {
  expect(await loadText("rec_2\n\n  rec_1 \r\n# rec_3\nrec_2\na:b/../c")).toEqual(["rec_2", "rec_1", "a:b/../c"]);
});

test("an empty file names nothing", async () => {
  expect(await loadText("")).toEqual([]);
});

test("a line that can be no id is refused", async () => {
  await expect(loadText(`rec_1\n${"x".repeat(513)}\n`)).rejects.toMatchObject({ code: "NAME_UNSAFE" });
});

test("a file that is not there is a failure that names it", async () => {
  const path = join(await makeTemporaryFolder(), "none.txt");
  await expect(loadIds(path)).rejects.toMatchObject({
    code: "STORAGE_NOT_FOUND",
    message: expect.stringContaining("none.txt"),
  });
});
