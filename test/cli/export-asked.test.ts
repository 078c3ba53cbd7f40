import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listTree } from "../helpers/list-tree.ts";
import { openTestArchive } from "../helpers/open-test-archive.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { storeCall } from "../helpers/store-call.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

test("a list that names nothing is not taken for no list, by which a time would select all", async () => {
  const cwd = await makeTemporaryFolder();
  const archive = await openTestArchive(cwd);
  await storeCall(archive, "rec_1");
  await archive.close();
  await writeFile(join(cwd, "ids.txt"), "# none\n");
  const flags = ["--case", "C", "--out", "out", "--list", "ids.txt", "--since", "2000-01-01", "--dry-run"];
  const { code, stderr } = await runHoldfast(["export", ...flags], { cwd });
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("the list names nothing") });
});

test("where files lay on the machine that exports is in no file of the package, and in the report", async () => {
  const cwd = await makeTemporaryFolder();
  await mkdir(join(cwd, "evidence"));
  await writeFile(join(cwd, "evidence/strange.mp3"), "none");
  const flags = ["--case", "C", "--out", "out", "--loadfile", "csv", "--json"];
  const { code, stdout } = await runHoldfast(["export", ...flags, join(cwd, "evidence")], { cwd });
  expect(code).toBe(0);
  expect(JSON.parse(stdout).results).toMatchObject([{ subject: join(cwd, "evidence/strange.mp3") }]);
  for (const path of await listTree(join(cwd, "out"))) {
    expect(await readFile(join(cwd, "out", path), "utf8")).not.toContain(cwd);
  }
  expect(await readFile(join(cwd, "out/C/data/premis.xml"), "utf8")).toContain("evidence/strange.mp3");
});
