import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CASE, CASE_ENV, makeCaseArchive, NASTY_ID } from "../helpers/case-archive.ts";
import { listTree } from "../helpers/list-tree.ts";
import { runShell } from "../helpers/receive-package.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

const FIXTURES = join(import.meta.dirname, "../../fixtures/audio/ok");
const BIN = join(import.meta.dirname, "../../bin/holdfast.js");

describe("the same files on the same day give the same bytes", () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), "holdfast-export-"));
    await mkdir(join(cwd, "in/inner"), { recursive: true });
    const names = ["mp3-32k-8000.mp3", "opus-16k-8000.opus", "wav-128k-8000.wav"];
    for (const name of names) await copyFile(join(FIXTURES, name), join(cwd, "in/inner", name));
  });
  afterAll(() => rm(cwd, { recursive: true, force: true }));

  test.each(["zip", "tar"])(
    "%s: in other time zones, under other umasks, with other times and rights",
    async (form) => {
      const day = new Date().toISOString().slice(0, 10);
      const what = `export --case C --loadfile csv --bates B --package ${form} --concurrency`;
      const env = "HOLDFAST_ACTOR=ada@lovelace";
      const first = runShell(cwd, `umask 077; TZ=UTC ${env} ${process.execPath} ${BIN} ${what} 1 in --out ${form}-1`);
      await cp(join(cwd, "in"), join(cwd, `${form}/in`), { recursive: true });
      await utimes(join(cwd, `${form}/in/inner/mp3-32k-8000.mp3`), 1, 1);
      await chmod(join(cwd, `${form}/in/inner/wav-128k-8000.wav`), 0o400);
      const elsewhere = `umask 002; TZ=Asia/Tokyo LC_ALL=C ${env} ${process.execPath} ${BIN} ${what} 4 in --out ../${form}-2`;
      const second = runShell(join(cwd, form), elsewhere);
      expect([first.code, second.code, second.stderr]).toEqual([0, 0, ""]);
      const [one, other] = [await readTree(join(cwd, `${form}-1`)), await readTree(join(cwd, `${form}-2`))];
      // Just then, the bag has another day.
      if (new Date().toISOString().slice(0, 10) !== day) return;
      expect(one.size).toBeGreaterThan(0);
      expect(other).toEqual(one);
    },
  );
});

async function readTree(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const path of await listTree(folder)) files.set(path, await readFile(join(folder, path), "latin1"));
  return files;
}

describe("the ledger", () => {
  test("is told of each recording and the package; the next package of the same case tells of it, that of another does not", async () => {
    const cwd = await makeTemporaryFolder();
    await makeCaseArchive(cwd);
    const exportFor = async (name: string, out: string) => {
      const ids = ["--recording", "rec_anna", "--recording", NASTY_ID];
      const args = ["export", "--case", name, "--out", out, ...ids, "--json", "--quiet"];
      const { code, stdout } = await runHoldfast(args, { cwd, env: CASE_ENV });
      expect(code).toBe(0);
      const [folder = ""] = await readdir(join(cwd, out));
      const custody = await readFile(join(cwd, out, folder, "data/custody.jsonl"), "utf8");
      const lines = custody
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      const told = lines.flatMap(({ event }) => (event === undefined ? [] : [JSON.parse(event)]));
      return { report: JSON.parse(stdout), told, withheld: lines.map(({ withheld }) => withheld).filter(Boolean) };
    };
    const first = await exportFor(CASE, "first");
    const second = await exportFor(CASE, "second");
    const other = await exportFor("Another case", "other");

    const ofExports = (events: readonly { type: string }[]) => events.filter(({ type }) => type === "exported");
    expect(ofExports(first.told)).toEqual([]);
    const { tagManifestSha256 } = first.report.package;
    const exported = {
      detail: { case: CASE, form: "dir" },
      digests: { tagManifest: tagManifestSha256 },
      actor: "ada@lovelace",
    };
    expect(ofExports(second.told)).toMatchObject([
      { ...exported, subject: NASTY_ID },
      { ...exported, subject: "rec_anna" },
    ]);
    expect(ofExports(other.told)).toEqual([]);
    expect(other.withheld).toEqual(Array(4).fill("another case"));
    const shown = await runHoldfast(["ledger", "show", "--type", "exported", "--json"], { cwd, env: CASE_ENV });
    expect(shown.stdout.match(/"tagManifest"/g)).toHaveLength(6);
    expect((await runHoldfast(["verify", `second/${CASE}`], { cwd })).code).toBe(0);
  });
});
