import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { changeRows, replaceByForgery, swap } from "../helpers/archive-harms.ts";
import { copyArchive, MONTH, makeSoundArchive } from "../helpers/harm-rig.ts";
import { openTestArchive } from "../helpers/open-test-archive.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { readFixture, storeRecording } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

let folder: string;
let sound: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-test-"));
  sound = await makeSoundArchive(folder);
});
afterAll(() => rm(folder, { recursive: true }));

/** What the program found, as `kind subject`, by the last part of the subject. */
async function run(root: string, ...command: readonly string[]) {
  const ran = await runHoldfast([...command, "--archive", root, "--json"], { cwd: join(root, "..") });
  const report = JSON.parse(ran.stdout);
  const found = report.findings.map(({ kind, subject }: { kind: string; subject: string }) => {
    return `${kind} ${subject.replace(`${root}/`, "").replace(`${MONTH}/`, "")}`;
  });
  return { code: ran.code, found, report };
}

type Alter = (lines: readonly string[]) => readonly string[];

async function alterEvents(root: string, alter: Alter): Promise<void> {
  const path = join(root, "ledger/events.ndjson");
  const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
  await writeFile(
    path,
    alter(lines)
      .map((line) => `${line}\n`)
      .join(""),
  );
}

const renumber = (line: string, seq: number) => line.replace(/^\{"seq":\d+/, `{"seq":${seq}`);

/** The ledger of the sound archive: 0 begun, 1 to 3 fetched. */
const ON_EVENTS: readonly (readonly [string, Alter])[] = [
  ["an event changed", (lines) => lines.map((line) => line.replace('"rec_a"', '"rec_x"'))],
  ["an event's time changed", (lines) => lines.with(2, (lines[2] ?? "").replace("2026-03-01", "2026-03-02"))],
  ["an event deleted", (lines) => lines.toSpliced(2, 1)],
  ["an event deleted, and the others renumbered", (lines) => lines.toSpliced(2, 1).map(renumber)],
  ["an event inserted", (lines) => lines.toSpliced(2, 0, (lines[2] ?? "").replace("rec_b", "rec_x")).map(renumber)],
  ["two events in each other's places", (lines) => lines.with(1, lines[2] ?? "").with(2, lines[1] ?? "")],
  [
    "two events in each other's places, renumbered",
    (lines) =>
      lines
        .with(1, lines[2] ?? "")
        .with(2, lines[1] ?? "")
        .map(renumber),
  ],
  ["the tail cut off", (lines) => lines.slice(0, 2)],
  ["all events deleted", () => []],
];

describe("an attack on the ledger is found", () => {
  test.each(ON_EVENTS)("%s", async (_, alter) => {
    const root = await copyArchive(sound);
    await alterEvents(root, alter);
    const { code, found } = await run(root, "ledger", "verify");
    expect(code).toBe(4);
    expect(found.join()).toContain("ledger-broken");
  });

  test("and verifying the archive finds it too", async () => {
    const root = await copyArchive(sound);
    expect(await run(root, "verify", "--level", "presence")).toMatchObject({ code: 0, found: [] });
    await alterEvents(root, (lines) => lines.map((line) => line.replace('"rec_a"', '"rec_x"')));
    expect((await run(root, "verify", "--level", "presence")).code).toBe(4);
  });

  test("the whole ledger deleted", async () => {
    const root = await copyArchive(sound);
    await rm(join(root, "ledger"), { recursive: true });
    expect((await run(root, "ledger", "verify")).code).toBe(4);
    expect((await run(root, "verify")).code).toBe(4);
  });
});

describe("an attack on the archive is found, whatever was made to fit it", () => {
  test("two recordings' sidecars swapped", async () => {
    const root = await copyArchive(sound);
    await swap(join(root, MONTH, "15/rec_a.json"), join(root, MONTH, "15/rec_b.json"));
    const { code, found } = await run(root, "verify", "--level", "digest");
    expect([code, found.length > 0]).toEqual([4, true]);
  });

  test("two recordings' sidecars swapped, in the catalogue as well", async () => {
    const root = await copyArchive(sound);
    await swap(join(root, MONTH, "15/rec_a.json"), join(root, MONTH, "15/rec_b.json"));
    await rm(join(root, "catalogue.sqlite"));
    expect((await run(root, "verify", "--level", "digest")).code).toBe(4);
    const { report } = await run(root, "reindex");
    expect(report.failures).toHaveLength(2);
    const { code, found } = await run(root, "verify", "--level", "digest");
    expect(code).toBe(4);
    expect(found).toEqual(expect.arrayContaining(["missing rec_a", "missing rec_b"]));
  });

  test("a file, its sidecar and its row replaced together", async () => {
    const root = await copyArchive(sound);
    await replaceByForgery(root);
    const { code, found } = await run(root, "verify", "--level", "digest");
    expect({ code, found }).toEqual({ code: 4, found: ["digest-mismatch rec_a"] });
    expect(await run(root, "ledger", "verify")).toMatchObject({ code: 4, found: ["digest-mismatch rec_a"] });
  });

  test("a file and its sidecar replaced together, and the catalogue made anew of them", async () => {
    const root = await copyArchive(sound);
    await replaceByForgery(root);
    expect((await run(root, "reindex")).code).toBe(0);
    const { code, found } = await run(root, "verify");
    expect([code, found]).toEqual([4, ["digest-mismatch rec_a"]]);
  });

  test("a recording gone with its sidecar and its row", async () => {
    const root = await copyArchive(sound);
    for (const name of ["15/rec_a.json", "15/rec_a.mp3"]) await rm(join(root, MONTH, name));
    changeRows(
      root,
      "DELETE FROM files WHERE recording_id = 'rec_a'; DELETE FROM recordings WHERE recording_id = 'rec_a'",
    );
    expect(await run(root, "verify")).toMatchObject({ code: 4, found: ["missing rec_a"] });
  });
});

describe("the whole archive put back to yesterday's state", () => {
  /** An archive to which a recording was added, its anchor elsewhere, and what the archive was before. */
  async function makeRolledBack() {
    const place = await makeTemporaryFolder();
    const root = join(place, "archive");
    await cp(sound, root, { recursive: true });
    const archive = await openTestArchive(place);
    await storeRecording(archive, "rec_new", await readFixture("mp3-32k-8000.mp3"));
    await archive.close();
    const anchor = join(place, "elsewhere.txt");
    expect((await run(root, "ledger", "checkpoint", "--anchor", anchor)).code).toBe(0);
    expect((await run(root, "ledger", "verify", "--anchor", anchor)).code).toBe(0);
    await rm(root, { recursive: true });
    await cp(sound, root, { recursive: true });
    return { root, anchor };
  }

  test("is found where an anchor exists, before and after the archive is worked on", async () => {
    const { root, anchor } = await makeRolledBack();
    const { code, found } = await run(root, "ledger", "verify", "--anchor", anchor);
    expect([code, found.join()]).toEqual([4, expect.stringContaining("ledger-broken")]);
    expect((await run(root, "verify")).code).toBe(0);
    expect((await run(root, "ledger", "checkpoint", "--anchor", anchor)).code).toBe(4);
    expect((await run(root, "ledger", "verify", "--anchor", anchor)).code).toBe(4);
  });

  test("is found where the archive was given another id as well", async () => {
    const { root, anchor } = await makeRolledBack();
    const marker = JSON.parse(await readFile(join(root, "holdfast.json"), "utf8"));
    const { ledger: _, ...without } = { ...marker, archiveId: "00000000-0000-4000-8000-000000000000" };
    await writeFile(join(root, "holdfast.json"), JSON.stringify(without));
    await rm(join(root, "ledger"), { recursive: true });
    expect((await run(root, "hold", "list")).code).toBe(0);
    const { code, found } = await run(root, "ledger", "verify", "--anchor", anchor);
    expect([code, found.join()]).toEqual([4, expect.stringContaining("ledger-broken")]);
  });

  test("is said to be undetectable where none does", async () => {
    const { root } = await makeRolledBack();
    const { code, stdout } = await runHoldfast(["ledger", "verify", "--archive", root], { cwd: join(root, "..") });
    expect(code).toBe(0);
    expect(stdout).toMatch(/head is not held elsewhere: if the whole archive is put back .* nothing here can tell/);
  });
});
