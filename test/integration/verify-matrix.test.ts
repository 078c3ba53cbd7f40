import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { VERIFY_LEVELS } from "../../src/core/verification.ts";
import type { Looker } from "../../src/fixity/look/look.ts";
import { ARCHIVE_HARMS, type ArchiveHarm, toExpectation } from "../helpers/archive-harms.ts";
import { copyArchive, makeSoundArchive, toVerdict, verifyAt } from "../helpers/harm-rig.ts";
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

async function runVerify(root: string, ...args: readonly string[]) {
  const { code, stdout } = await runHoldfast(["verify", root, "--json", ...args], { cwd: dirname(root) });
  return { code, ...toVerdict(root, JSON.parse(stdout)) };
}

describe.each(VERIFY_LEVELS)("at level %s", (level) => {
  test("a sound archive is ok", async () => {
    expect(await verifyAt(await copyArchive(sound), { level, looker })).toMatchObject({
      outcome: "ok",
      found: [],
      unwell: [],
    });
  });

  test.each(ARCHIVE_HARMS)("$name", async (harm) => {
    const root = await copyArchive(sound);
    await harm.inflict(root);
    expect(await verifyAt(root, { level, looker })).toMatchObject(toExpectation(harm, level));
  });
});

/** One harm for each kind of finding: starting the program takes far longer than verifying. */
const harmsByKind = new Map(ARCHIVE_HARMS.map((harm) => [toKinds(harm), harm]));

test.each([...harmsByKind.values()])("the program says the same of $name, with exit code 4", async (harm) => {
  const root = await copyArchive(sound);
  await harm.inflict(root);
  expect(await runVerify(root)).toMatchObject({ code: 4, ...toExpectation(harm, "digest") });
});

function toKinds({ closer: [found] }: ArchiveHarm): string {
  return [...new Set(found.map((line) => line.split(" ")[0]))].join();
}
