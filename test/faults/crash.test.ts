import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openArchive } from "../../src/compose.ts";
import { listTree } from "../helpers/list-tree.ts";
import { TEST_CLOCK } from "../helpers/open-test-archive.ts";
import { readFixture, storeRecording } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { TEST_CUSTODIAN } from "../helpers/test-custodian.ts";
import { convertUnderFire, expectRight, expectWhole, listParts, openConversion, removeSome } from "./convert-rounds.ts";
import { expectSound, killAfter, originalsIn, seededRandom } from "./crash-rounds.ts";
import { openPacedVendor } from "./paced-vendor.ts";

const ROUNDS = Number(process.env["CRASH_ROUNDS"] ?? 4);
const SEED = Number(process.env["CRASH_SEED"] ?? 1);
const FIXTURES = ["mp3-64k-16000.mp3", "opus-32k-16000.opus", "wav-256k-16000.wav"];

/** In each, ffmpeg is killed a dozen times. */
const RUNS_UNDER_FIRE = Math.ceil(ROUNDS / 4);

const RECORDINGS = 200;
const SIZE_BYTES = 480_000;
/** The more often it is killed the slower the bodies come, so that every round has something to interrupt. */
const PIECE_BYTES = Math.max(4000, Math.min(16_000, Math.round(440_000 / ROUNDS)));
const MOST_AGAIN = 0.05;

test.each(["a sha256 in webhooks", "nothing but an entity tag"])(
  `fetch of ${RECORDINGS} with %s, killed ${ROUNDS} times (seed ${SEED}): all whole, hardly a byte fetched twice`,
  async (known) => {
    const cwd = await makeTemporaryFolder();
    const vendor = await openPacedVendor({ recordings: RECORDINGS, sizeBytes: SIZE_BYTES, pieceBytes: PIECE_BYTES });
    await writeFile(join(cwd, "events.ndjson"), vendor.eventLines);
    const env = { AUDIAN_BASE_URL: vendor.baseUrl, AUDIAN_API_KEY: "key" };
    const events = known === "a sha256 in webhooks" ? ["--events", "events.ndjson"] : [];
    const fetchAll = ["fetch", "--quiet", "--since", "2000-01-01", ...events];
    const random = seededRandom(SEED);
    let interrupted = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const complete = await originalsIn(cwd);
      const before = new Map(vendor.downloads);
      const sentBefore = vendor.sentBytes;
      await killAfter(fetchAll, { cwd, env, isAtWork: () => vendor.sentBytes > sentBefore }, random() * 1200);
      const again = complete.filter((id) => vendor.downloads.get(id) !== before.get(id));
      expect(again, `fetched twice in round ${round}`).toEqual([]);
      if ((await listTree(cwd)).some((path) => path.endsWith(".partial"))) interrupted += 1;
    }
    await expectSound(fetchAll, { cwd, env });
    expect((await originalsIn(cwd)).length).toBe(vendor.ids.length);
    const again = vendor.sentBytes / vendor.totalBytes - 1;
    const figures = `${interrupted} of ${ROUNDS} kills hit bodies, ${(again * 100).toFixed(2)} % fetched again`;
    process.stdout.write(`with ${known}: ${figures}\n`);
    expect(again).toBeLessThan(MOST_AGAIN);
    expect(interrupted).toBeGreaterThan(0);
  },
  900_000,
);

test(`convert in the archive, killed ${ROUNDS} times (seed ${SEED}): it is sound after the next run`, async () => {
  const cwd = await makeTemporaryFolder();
  const archive = await openArchive(join(cwd, "archive"), {
    clock: TEST_CLOCK,
    create: true,
    custodian: TEST_CUSTODIAN,
  });
  const bytes = await Promise.all(FIXTURES.map(readFixture));
  for (let index = 0; index < 12; index += 1) {
    await storeRecording(archive, `rec_${index}`, bytes[index % bytes.length] ?? Buffer.alloc(0));
  }
  await archive.close();
  const random = seededRandom(SEED);
  const convertAll = ["convert", "--to", "mp3,wav,opus", "--quiet"];
  for (let round = 0; round < ROUNDS; round += 1) await killAfter(convertAll, { cwd }, 300 + random() * 1200);
  await expectSound(convertAll, { cwd });
}, 300_000);

test(`convert of files, killed ${ROUNDS} times (seed ${SEED}): no wrong file under any name, no ffmpeg left`, async () => {
  const conversion = await openConversion();
  const random = seededRandom(SEED);
  let interrupted = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    await removeSome(conversion, random);
    const before = await listParts(conversion);
    // The first quarter of a second is spent on starting and on looking at ffmpeg.
    const delayMs = 250 + random() * Math.max(conversion.elapsedMs - 250, 500);
    await killAfter(conversion.args, { cwd: conversion.cwd }, delayMs);
    await expectRight(conversion);
    if ((await listParts(conversion)).some((path) => !before.includes(path))) interrupted += 1;
  }
  await expectWhole(conversion);
  process.stdout.write(`${interrupted} of ${ROUNDS} kills hit files in the making\n`);
  expect(interrupted).toBeGreaterThan(0);
}, 900_000);

test(`convert of files, its ffmpegs killed in ${RUNS_UNDER_FIRE} runs (seed ${SEED}): each is a failure of its own`, async () => {
  const conversion = await openConversion();
  const random = seededRandom(SEED);
  let kills = 0;
  for (let round = 0; round < RUNS_UNDER_FIRE; round += 1) {
    await removeSome(conversion, random);
    const ran = await convertUnderFire(conversion, random);
    kills += ran.kills;
    expect([0, 1, 3]).toContain(ran.code);
    const { failures }: { failures: readonly { code: string }[] } = JSON.parse(ran.stdout);
    expect(failures.filter(({ code }) => code !== "MEDIA_FFMPEG_FAILED")).toEqual([]);
    await expectRight(conversion);
    expect(await listParts(conversion)).toEqual([]);
  }
  await expectWhole(conversion);
  process.stdout.write(`${kills} ffmpegs killed in ${RUNS_UNDER_FIRE} runs\n`);
  expect(kills).toBeGreaterThan(0);
}, 900_000);
