import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openArchive } from "../../src/compose.ts";
import { listTree } from "../helpers/list-tree.ts";
import { TEST_CLOCK } from "../helpers/open-test-archive.ts";
import { readFixture, storeRecording } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { expectSound, killAfter, originalsIn, seededRandom } from "./crash-rounds.ts";
import { openPacedVendor } from "./paced-vendor.ts";

const ROUNDS = Number(process.env["CRASH_ROUNDS"] ?? 8);
const SEED = Number(process.env["CRASH_SEED"] ?? 1);
const FIXTURES = ["mp3-64k-16000.mp3", "opus-32k-16000.opus", "wav-256k-16000.wav"];

const RECORDINGS = 200;
const SIZE_BYTES = 480_000;
/** The more often it is killed the slower the bodies come, so that every round has something to interrupt. */
const PIECE_BYTES = Math.max(4000, Math.min(32_000, Math.round(440_000 / ROUNDS)));
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
      await killAfter(fetchAll, { cwd, env }, 500 + random() * 1500);
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
