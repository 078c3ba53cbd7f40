import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Archive } from "../../src/archive/archive.ts";
import { toArchiveMend } from "../../src/fixity/archive-mend.ts";
import { FolderHealSource } from "../../src/fixity/heal/folder-heal-source.ts";
import type { Looker } from "../../src/fixity/look/look.ts";
import { ARCHIVE_HARMS, flipByte } from "../helpers/archive-harms.ts";
import { copyArchive, MONTH, makeSoundArchive, readTree, verifyAt } from "../helpers/harm-rig.ts";
import { BY } from "../helpers/heal-rig.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { openTestLooker } from "../helpers/verify-archive.ts";

let folder: string;
let sound: string;
let looker: Looker;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-test-"));
  sound = await makeSoundArchive(folder);
  looker = openTestLooker();
});
afterAll(async () => {
  await looker.close();
  await rm(folder, { recursive: true });
});

function healFrom(root: string, copy: string) {
  const toMend = (archive: Archive) => toArchiveMend(archive, { source: new FolderHealSource(copy), ...BY });
  return verifyAt(root, { looker, toMend });
}

/** A copy of the archive in which every file is damaged. */
async function makeDamagedCopy(): Promise<string> {
  const copy = await copyArchive(sound);
  for (const path of (await readTree(join(copy, MONTH))).keys()) await flipByte(join(copy, MONTH, path), 200);
  return copy;
}

/** What the notes in quarantine are about, with the bytes that are kept. */
async function readQuarantined(root: string): Promise<ReadonlyMap<string, string | undefined>> {
  const tree = await readTree(root);
  const notes = [...tree].filter(([path]) => path.startsWith("quarantine/") && path.endsWith(".json"));
  return new Map(notes.map(([path, text]) => [JSON.parse(text).key, tree.get(path.replace(/\.json$/, ""))]));
}

const healable = ARCHIVE_HARMS.flatMap(({ healed, ...harm }) => (healed === "not at all" ? [] : [{ ...harm, healed }]));
const unhealable = ARCHIVE_HARMS.filter(({ healed }) => healed === "not at all");

describe("a good copy mends", () => {
  test.each(healable)("$name", async ({ inflict, closer: [, unwell], healed }) => {
    const root = await copyArchive(sound);
    await inflict(root);
    const harmed = await readTree(root);
    const { outcome, findings } = await healFrom(root, sound);
    expect(outcome).toBe("findings");
    expect(findings).toHaveLength(unwell.length);
    for (const { message, detail } of findings) {
      expect(message).toMatch(/; restored from .* by ada on lovelace, and read again/);
      expect(detail.healedFrom).toContain(sound);
    }
    const after = await verifyAt(root, { looker });
    expect([after.outcome, after.found]).toEqual([healed.length === 0 ? "ok" : "findings", healed]);
    const tree = await readTree(root);
    for (const [path, bytes] of await readTree(sound)) expect(tree.get(path) === bytes, path).toBe(true);
    // What stood in the place of a file is kept, byte for byte, and there is nothing else in quarantine.
    const keys = unwell.map((line) => `${MONTH}/${line.replace(/^\w+ /, "")}`).filter((key) => harmed.has(key));
    const quarantined = await readQuarantined(root);
    expect([...quarantined.keys()].toSorted()).toEqual(keys.toSorted());
    for (const [key, bytes] of quarantined) expect(bytes === harmed.get(key), key).toBe(true);
  });
});

describe("nothing is touched", () => {
  test.each(healable)("without a copy that fits: $name", async ({ inflict, closer: [found, unwell] }) => {
    const root = await copyArchive(sound);
    await inflict(root);
    const harmed = await readTree(root);
    const verdict = await healFrom(root, await makeDamagedCopy());
    expect(verdict).toMatchObject({ outcome: "findings", found: found.toSorted(), unwell: unwell.toSorted() });
    for (const { message } of verdict.findings) expect(message).toContain("; not restored: ");
    expect(await readTree(root)).toEqual(harmed);
  });

  test.each(unhealable)("where there is nothing to mend: $name", async ({ inflict, closer: [found] }) => {
    const root = await copyArchive(sound);
    await inflict(root);
    const harmed = await readTree(root);
    const verdict = await healFrom(root, sound);
    expect(verdict).toMatchObject({ outcome: "findings", found: found.toSorted() });
    for (const { message } of verdict.findings) expect(message).not.toContain("; restored from");
    expect(await readTree(root)).toEqual(harmed);
  });

  test("at a level that reads no bytes and sees no harm", async () => {
    const root = await copyArchive(sound);
    await flipByte(join(root, MONTH, "15/rec_a.mp3"), 9000);
    const harmed = await readTree(root);
    const { code } = await runHoldfast(["verify", root, "--level", "presence", "--heal", sound], {
      cwd: dirname(root),
    });
    expect([code, await readTree(root)]).toEqual([0, harmed]);
  });
});

test("the program mends from a copy, and a damaged one beside it never gets in", async () => {
  const root = await copyArchive(sound);
  const copies = join(dirname(root), "copies");
  await cp(await makeDamagedCopy(), copies, { recursive: true });
  await flipByte(join(root, MONTH, "15/rec_a.mp3"), 9000);
  await rm(join(root, MONTH, "15/rec_b.opus"));
  await cp(join(sound, MONTH, "15/rec_b.opus"), join(copies, "kept/under another name"));
  const verify = async (...args: readonly string[]) => {
    const { code, stdout } = await runHoldfast(["verify", root, "--json", ...args], { cwd: dirname(root) });
    return { code, ...JSON.parse(stdout) };
  };
  const { code, mended, findings } = await verify("--heal", copies);
  expect([code, mended]).toEqual([4, 1]);
  expect(findings.map(({ message }: { message: string }) => message).toSorted()).toEqual([
    expect.stringContaining("not restored: no copy fits"),
    expect.stringContaining("restored from"),
  ]);
  const again = await verify();
  expect(again.findings).toMatchObject([{ kind: "digest-mismatch", subject: expect.stringContaining("rec_a.mp3") }]);
  const opus = "15/rec_b.opus";
  expect(await readFile(join(root, MONTH, opus))).toEqual(await readFile(join(sound, MONTH, opus)));
  await expect(readdir(join(root, "quarantine"))).rejects.toThrow("ENOENT");
});
