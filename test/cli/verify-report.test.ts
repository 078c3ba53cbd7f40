import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { listTree } from "../helpers/list-tree.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

let cwd: string;
beforeEach(async () => {
  cwd = await makeTemporaryFolder();
  await mkdir(join(cwd, "calls"));
  await writeFile(join(cwd, "calls/note"), "x");
  await symlink("calls", join(cwd, "link"));
  await runHoldfast(["seal", "calls"], { cwd });
});

describe("the report of a verification", () => {
  it.each(["calls/r.html", "link/sub/r.csv"])("is not written among what is verified: %s", async (reportPath) => {
    const before = await listTree(cwd);
    const { code, stderr } = await runHoldfast(["verify", "calls", "--report", reportPath], { cwd });
    expect([code, stderr]).toEqual([2, expect.stringContaining(`would be unexpected: ${reportPath} (USAGE)`)]);
    expect(await listTree(cwd)).toEqual(before);
  });

  it("is written beside it", async () => {
    const { code } = await runHoldfast(["verify", "calls", "--report", "calls.html"], { cwd });
    expect([code, (await listTree(cwd)).includes("calls.html")]).toEqual([0, true]);
  });
});
