import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openArchive } from "../../../src/compose.ts";
import { makeSmallArchive } from "../../helpers/small-archive.ts";
import { TEST_CLOCK } from "../../helpers/test-clock.ts";
import { TEST_CUSTODIAN } from "../../helpers/test-custodian.ts";

test("what is no note is told of and moved away, and replaces nothing that was moved before", async () => {
  const rig = await makeSmallArchive();
  const [inbox, refused] = [join(rig.ledger, "inbox"), join(rig.ledger, "inbox-refused")];
  const longest = "n".repeat(255);
  await mkdir(join(refused, "folder"), { recursive: true });
  for (const name of ["file", longest]) await writeFile(join(refused, name), "first");
  await mkdir(inbox);
  for (const name of ["file", "folder", longest]) await writeFile(join(inbox, name), "second");
  const told: string[] = [];
  const tell = (warning: string) => told.push(warning);
  const options = { clock: TEST_CLOCK, create: false, custodian: TEST_CUSTODIAN, tell };
  await (await openArchive(rig.folder, options)).close();
  expect(await readdir(inbox)).toEqual([]);
  for (const name of ["file", longest]) expect(await readFile(join(refused, name), "utf8")).toBe("first");
  const moved = told.map((warning) => /^no note of an access, .*: (\S+)$/.exec(warning)?.[1] ?? "");
  expect(new Set(moved).size).toBe(3);
  for (const path of moved) expect(await readFile(path, "utf8")).toBe("second");
});
