import { chmod, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseRecordingId } from "../../src/core/recording-id.ts";
import { VERIFY_LEVELS } from "../../src/core/verification.ts";
import { toArchiveMend } from "../../src/fixity/archive-mend.ts";
import { FolderHealSource } from "../../src/fixity/heal/folder-heal-source.ts";
import type { Looker } from "../../src/fixity/look/look.ts";
import { copyArchive, MONTH, makeSoundArchive, readTree, toVerdict } from "../helpers/harm-rig.ts";
import { BY } from "../helpers/heal-rig.ts";
import { listTree } from "../helpers/list-tree.ts";
import { openTestArchive } from "../helpers/open-test-archive.ts";
import { AS_USER, giveToUser, needProgram } from "../helpers/powerless-user.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { openTestLooker, verifyTestArchive } from "../helpers/verify-archive.ts";

const MP3 = `${MONTH}/15/rec_a.mp3`;

let folder: string;
let sound: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-test-"));
  sound = await makeSoundArchive(folder);
});
afterAll(() => rm(folder, { recursive: true }));

async function runVerify(root: string, args: readonly string[], user: { readonly uid?: number } = {}) {
  const options = { cwd: dirname(root), ...user };
  const { code, stdout } = await runHoldfast(["verify", "--archive", root, "--json", ...args], options);
  return { code, ...toVerdict(root, JSON.parse(stdout)) };
}

describe("an archive that is out of reach has lost nothing", () => {
  test.each(VERIFY_LEVELS)("its disk is not mounted: level %s", async (level) => {
    const root = await copyArchive(sound);
    for (const name of await readdir(root)) await rm(join(root, name), { recursive: true });
    const verdict = await runVerify(root, ["--level", level, "--heal", sound]);
    expect(verdict).toMatchObject({ code: 4, found: [`location-unreachable ${root}`], unwell: [] });
    // What was written into a mount point would be in the way, and hidden, once the disk is back.
    expect(await listTree(root)).toEqual([]);
  });

  test("its marker alone is gone", async () => {
    const root = await copyArchive(sound);
    await rm(join(root, "holdfast.json"));
    const before = await readTree(root);
    expect(await runVerify(root, [])).toMatchObject({ code: 4, found: [`location-unreachable ${root}`], unwell: [] });
    expect(await readTree(root)).toEqual(before);
  });

  test("it goes away while it is verified: what was not seen is not noted, and nothing is healed", async () => {
    const root = await copyArchive(sound);
    const archive = await openTestArchive(dirname(root));
    const away = ["holdfast.json", "recordings"];
    const leave = once(async () => {
      for (const name of away) await rename(join(root, name), join(dirname(root), name));
    });
    const threads = openTestLooker();
    const look: Looker["look"] = async (...args) => {
      await leave();
      return threads.look(...args);
    };
    const looker = { readers: 1, look, close: () => threads.close() };
    const mend = toArchiveMend(archive, { source: new FolderHealSource(sound), ...BY });
    const report = await verifyTestArchive(archive, { looker, mend });
    expect(toVerdict(root, report)).toMatchObject({ outcome: "findings", found: [`location-unreachable ${root}`] });
    expect(report.counts.done).toBe(0);
    for (const name of away) await rename(join(dirname(root), name), join(root, name));
    expect(await archive.checks.history(parseRecordingId("rec_a"))).toMatchObject({ checks: 0, status: undefined });
    expect(toVerdict(root, await verifyTestArchive(archive, { looker }))).toMatchObject({ outcome: "ok", found: [] });
    await looker.close();
  });
});

describe("what may not be read", () => {
  test.for(VERIFY_LEVELS)("a file, at level %s", async (level, { skip }) => {
    const root = await copyArchive(sound);
    await needProgram(skip, dirname(root));
    await chmod(join(root, MP3), 0);
    await giveToUser(dirname(root));
    // Its size may be seen by everybody, and this level sees no more.
    const expected =
      level === "presence"
        ? { code: 0, found: [], unwell: [] }
        : { code: 4, found: ["unreadable 15/rec_a.mp3"], unwell: ["unreachable 15/rec_a.mp3"] };
    expect(await runVerify(root, ["--level", level], AS_USER)).toMatchObject(expected);
  });

  test("a file is healed; what cannot be read is kept in quarantine", async ({ skip }) => {
    const root = await copyArchive(sound);
    const copy = await copyArchive(sound);
    await needProgram(skip, dirname(root));
    await needProgram(skip, dirname(copy));
    await chmod(join(root, MP3), 0);
    await giveToUser(dirname(root));
    await giveToUser(dirname(copy));
    const verdict = await runVerify(root, ["--heal", copy], AS_USER);
    expect(verdict).toMatchObject({ code: 4, found: ["unreadable 15/rec_a.mp3"] });
    expect(verdict.findings[0]?.message).toContain("; restored from ");
    expect(await runVerify(root, [], AS_USER)).toMatchObject({ code: 0, found: [] });
    expect((await listTree(join(root, "quarantine"))).map((name) => name.split(".")[0])).toEqual(["rec_a", "rec_a"]);
  });

  test("a day's folder, in which neither files nor strays can be seen", async ({ skip }) => {
    const root = await copyArchive(sound);
    await needProgram(skip, dirname(root));
    await giveToUser(dirname(root));
    await chmod(join(root, MONTH, "16"), 0);
    const verdict = await runVerify(root, ["--level", "presence"], AS_USER);
    await chmod(join(root, MONTH, "16"), 0o755);
    expect(verdict).toMatchObject({
      code: 4,
      found: [`unreadable ${root}`, "unreadable 16/rec_c.json", "unreadable 16/rec_c.wav"],
      unwell: ["unreachable 16/rec_c.json", "unreachable 16/rec_c.wav"],
    });
  });
});

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}
