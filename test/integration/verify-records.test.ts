import { cp, mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { VERIFY_LEVELS, type VerifyLevel } from "../../src/core/verification.ts";
import type { Holding } from "../../src/fixity/holding.ts";
import { openListHolding } from "../../src/fixity/holdings/list-holding.ts";
import { openSealHolding } from "../../src/fixity/holdings/seal-holding.ts";
import type { Looker } from "../../src/fixity/look/look.ts";
import { runVerify } from "../../src/fixity/verify-run.ts";
import { flipByte, toExpectation } from "../helpers/archive-harms.ts";
import { decode, toVerdict } from "../helpers/harm-rig.ts";
import { TEST_CLOCK } from "../helpers/open-test-archive.ts";
import { FLIPPED, LIST_HARMS, MP3, OPUS, SEAL, SEAL_HARMS, SUMS } from "../helpers/record-harms.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { sealFolder } from "../helpers/seal-folder.ts";
import { readFixture } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { openTestLooker } from "../helpers/verify-archive.ts";

let made: string;
let sealed: string;
let looker: Looker;
beforeAll(async () => {
  made = await mkdtemp(join(tmpdir(), "holdfast-test-"));
  sealed = join(made, "sealed");
  await fill(sealed);
  looker = openTestLooker();
});
afterAll(async () => {
  await looker.close();
  await rm(made, { recursive: true });
});

async function fill(folder: string): Promise<void> {
  await mkdir(join(folder, "sub"), { recursive: true });
  await writeFile(join(folder, MP3), await readFixture("mp3-32k-8000.mp3"));
  await writeFile(join(folder, OPUS), await readFixture("opus-16k-8000.opus"));
  await sealFolder(folder);
}

async function copySealed(): Promise<string> {
  const folder = join(await makeTemporaryFolder(), "folder");
  await cp(sealed, folder, { recursive: true });
  return folder;
}

async function verify(folder: string, holding: Holding, level: VerifyLevel) {
  return toVerdict(folder, await runVerify(holding, { level, looker, decode, clock: TEST_CLOCK }));
}

describe.each(VERIFY_LEVELS)("a sealed folder at level %s", (level) => {
  test("is ok when it is sound", async () => {
    const folder = await copySealed();
    expect(await verify(folder, await openSealHolding(folder), level)).toMatchObject({ outcome: "ok", found: [] });
  });

  test.each(SEAL_HARMS)("$name", async (harm) => {
    const folder = await copySealed();
    await harm.inflict(folder);
    expect(await verify(folder, await openSealHolding(folder), level)).toMatchObject(toExpectation(harm, level));
  });
});

describe.each(VERIFY_LEVELS)("a list of checksums at level %s", (level) => {
  test.each(LIST_HARMS)("$name", async (harm) => {
    const folder = await copySealed();
    await rm(join(folder, SEAL));
    await harm.inflict(folder);
    const holding = await openListHolding(join(folder, SUMS));
    expect(await verify(folder, holding, level)).toMatchObject(toExpectation(harm, level));
  });
});

test("bit rot shows in a sealed folder, too", async () => {
  const folder = join(await makeTemporaryFolder(), "folder");
  const path = join(folder, MP3);
  await fill(folder);
  await rm(join(folder, SEAL));
  await rm(join(folder, SUMS));
  const writtenAt = 1_700_000_000;
  await utimes(path, writtenAt, writtenAt);
  await sealFolder(folder);
  await flipByte(path, 9000);
  const change = await verify(folder, await openSealHolding(folder), "digest");
  await utimes(path, writtenAt, writtenAt);
  const rot = await verify(folder, await openSealHolding(folder), "digest");
  expect([change, rot].map(({ findings }) => findings[0]?.detail.cause)).toEqual([undefined, "bit-rot"]);
});

describe("the program", () => {
  const run = async (cwd: string, ...args: readonly string[]) => {
    const { code, stdout } = await runHoldfast(["verify", ...args, "--json"], { cwd });
    const report = JSON.parse(stdout);
    return { code, noun: report.verified?.noun, remarks: report.remarks, ...toVerdict(cwd, report) };
  };

  test("exits with 4 for harm to what was sealed", async () => {
    const folder = await copySealed();
    await FLIPPED.inflict(folder);
    const sealedResult = await run(folder, folder);
    const listed = await run(folder, join(folder, SUMS));
    for (const ran of [sealedResult, listed])
      expect(ran).toMatchObject({ code: 4, ...toExpectation(FLIPPED, "digest") });
  });

  test("says of a folder whose seal is gone that the list alone was believed", async () => {
    const folder = await copySealed();
    await rm(join(folder, SEAL));
    const { code, noun, remarks } = await run(folder, folder);
    expect([code, noun, remarks]).toEqual([0, "checksum list", [expect.stringContaining(`no ${SEAL} stands beside`)]]);
  });

  test("never calls a folder ok whose records are gone, or that is gone itself", async () => {
    const folder = await copySealed();
    await rm(join(folder, SEAL));
    await rm(join(folder, SUMS));
    expect(await run(folder, folder)).toMatchObject({ code: 2, outcome: "failed", found: [] });
    await rm(folder, { recursive: true });
    const cwd = dirname(folder);
    expect(await run(cwd, folder)).toMatchObject({ code: 4, found: ["location-unreachable folder"] });
  });
});
