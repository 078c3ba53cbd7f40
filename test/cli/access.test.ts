import { chmod, mkdir, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openCatalogue } from "../../src/compose.ts";
import { openTestArchive } from "../helpers/open-test-archive.ts";
import { AS_USER, needProgram } from "../helpers/powerless-user.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { makeSmallArchive, type SmallArchive } from "../helpers/small-archive.ts";

const DAY = "archive/recordings/2024/01/15";

/** The events of reading that the next opening of the archive finds. */
async function takeReads({ cwd }: SmallArchive) {
  const archive = await openTestArchive(cwd);
  const reads = [];
  for await (const { subject, actor, digests, detail } of archive.ledger.find(["read"]))
    reads.push({ subject, actor, digests, detail });
  await archive.close();
  return reads;
}

test("who inspects or converts files of an archive is noted beside another run, and told by the next", async () => {
  const rig = await makeSmallArchive();
  const catalogue = await openCatalogue(rig.folder);
  await symlink(join(rig.folder, "recordings"), join(rig.cwd, "link"));
  const env = { HOLDFAST_ACTOR: "eve" };
  const inspected = await runHoldfast(["inspect", "link/2024/01/15/rec_1.mp3"], { cwd: rig.cwd, env });
  expect([inspected.code, inspected.stderr]).toEqual([0, ""]);
  const inbox = join(rig.ledger, "inbox");
  const [name = ""] = await readdir(inbox);
  expect(((await stat(join(inbox, name))).mode & 0o777).toString(8)).toBe("600");
  const to = ["--to", "wav", "--out", "out"];
  expect((await runHoldfast(["convert", "archive", ...to, "--dry-run"], { cwd: rig.cwd, env })).code).toBe(0);
  expect(await readdir(inbox)).toHaveLength(1);
  expect((await runHoldfast(["convert", "archive", ...to], { cwd: rig.cwd, env })).code).toBe(0);
  await writeFile(join(inbox, "garbage.json"), "{}");
  await mkdir(join(inbox, "folder"));
  await catalogue.close();
  const reads = await takeReads(rig);
  const names = ["1", "2"].map((id) => `recordings/2024/01/15/rec_${id}.mp3`);
  expect(reads).toMatchObject([
    {
      subject: "rec_1",
      actor: "ada@lovelace",
      detail: { command: "inspect", readBy: "eve", files: 1, names: [names[0]], note: name },
    },
    { subject: expect.stringMatching(/^[0-9a-f-]{36}$/), detail: { command: "convert", readBy: "eve", files: 2 } },
  ]);
  expect(new Set(reads[1]?.detail?.["names"] as readonly string[])).toEqual(new Set(names));
  expect(await readdir(inbox)).toEqual([]);
  expect((await readdir(join(rig.ledger, "inbox-refused"))).sort()).toEqual(["folder", "garbage.json"]);
  expect(await takeReads(rig)).toHaveLength(2);
});

test("what lies outside an archive's audio is nobody's business, and many files are told of by a digest", async () => {
  const rig = await makeSmallArchive();
  const ids = Array.from({ length: 21 }, (_, index) => `rec_${100 + index}`);
  await rig.store(...ids);
  await writeFile(join(rig.cwd, "own.txt"), "x");
  await runHoldfast(["inspect", "own.txt", "archive/holdfast.json"], { cwd: rig.cwd });
  expect((await readdir(rig.ledger)).includes("inbox")).toBe(false);
  await runHoldfast(["inspect", ...ids.map((id) => `${DAY}/${id}.mp3`)], { cwd: rig.cwd });
  const [read] = await takeReads(rig);
  expect(read).toMatchObject({ digests: { items: expect.stringMatching(/^[0-9a-f]{64}$/) }, detail: { files: 21 } });
  expect(read?.detail?.["names"]).toHaveLength(20);
});

test("on media that cannot be written to, a file is inspected all the same, and that no event tells of it is said", async ({
  skip,
}) => {
  const rig = await makeSmallArchive();
  await needProgram(skip, rig.cwd);
  for (const folder of ["", "ledger", "recordings", "recordings/2024", "recordings/2024/01", "recordings/2024/01/15"]) {
    await chmod(join(rig.folder, folder), 0o555);
  }
  for (const name of await readdir(join(rig.cwd, DAY))) await chmod(join(rig.cwd, DAY, name), 0o444);
  const { code, stderr } = await runHoldfast(["inspect", `${DAY}/rec_1.mp3`], { cwd: rig.cwd, ...AS_USER });
  await chmod(rig.folder, 0o755);
  await chmod(rig.ledger, 0o755);
  expect(stderr).toMatch(/^holdfast: warning: no event will tell that files of the archive .* were read/);
  expect(code).toBe(0);
});
