import { join } from "node:path";
import { expect, test } from "vitest";
import { openArchive } from "../../src/compose.ts";
import { TEST_CLOCK } from "../helpers/open-test-archive.ts";
import { readFixture, storeRecording } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { openTinyVendor } from "../helpers/tiny-vendor.ts";
import { expectSound, killAfter, originalsIn, seededRandom } from "./crash-rounds.ts";

const ROUNDS = Number(process.env["CRASH_ROUNDS"] ?? 8);
const SEED = Number(process.env["CRASH_SEED"] ?? 1);
const FIXTURES = ["mp3-64k-16000.mp3", "opus-32k-16000.opus", "wav-256k-16000.wav"];

test(`fetch killed ${ROUNDS} times (seed ${SEED}): all whole in the end, none that was complete fetched twice`, async () => {
  const cwd = await makeTemporaryFolder();
  const bytes = await Promise.all(FIXTURES.map(readFixture));
  const held = Array.from({ length: 40 }, (_, index) => ({
    id: `rec_${index}`,
    bytes: bytes[index % bytes.length] ?? Buffer.alloc(0),
    dripMs: 40,
  }));
  const vendor = await openTinyVendor(held);
  const env = { AUDIAN_BASE_URL: vendor.baseUrl, AUDIAN_API_KEY: "key" };
  const random = seededRandom(SEED);
  const fetchAll = ["fetch", "--quiet", "--concurrency", "4"];
  for (let round = 0; round < ROUNDS; round += 1) {
    const complete = await originalsIn(cwd);
    const before = new Map(vendor.downloads);
    await killAfter(fetchAll, { cwd, env }, 300 + random() * 2500);
    const again = complete.filter((id) => vendor.downloads.get(id) !== before.get(id));
    expect(again, `fetched twice in round ${round}`).toEqual([]);
  }
  await expectSound(fetchAll, { cwd, env });
  expect((await originalsIn(cwd)).length).toBe(held.length);
}, 300_000);

test(`convert killed ${ROUNDS} times (seed ${SEED}): the archive is sound after the next run`, async () => {
  const cwd = await makeTemporaryFolder();
  const archive = await openArchive(join(cwd, "archive"), { clock: TEST_CLOCK, create: true });
  const bytes = await Promise.all(FIXTURES.map(readFixture));
  for (let index = 0; index < 12; index += 1) {
    await storeRecording(archive, `rec_${index}`, bytes[index % bytes.length] ?? Buffer.alloc(0));
  }
  await archive.close();
  const random = seededRandom(SEED);
  const convertAll = ["convert", "--to", "mp3,wav,opus", "--quiet"];
  for (let round = 0; round < ROUNDS; round += 1) await killAfter(convertAll, { cwd }, 500 + random() * 2500);
  await expectSound(convertAll, { cwd });
}, 300_000);
