import { expect, test } from "vitest";
import { seededRandom } from "./crash-rounds.ts";
import { expectRest, killRolling, openHarmed, settleCounted } from "./verify-rounds.ts";

const ROUNDS = Number(process.env["CRASH_ROUNDS"] ?? 4);
const SEED = Number(process.env["CRASH_SEED"] ?? 1);
const RECORDINGS = 300;
/** What was seen is noted about once a second: some are killed before that, some behind it. */
const MOST_DELAY_MS = 3000;

test(`verify --max-age of ${RECORDINGS}, killed ${ROUNDS} times (seed ${SEED}): none counted unread, none lost`, async () => {
  const harmed = await openHarmed(RECORDINGS);
  const random = seededRandom(SEED);
  // About half is left for the last run; what differs is read twice.
  const maxBytesPerSecond = Math.ceil((6000 * harmed.totalBytes) / (ROUNDS * MOST_DELAY_MS));
  const counted = new Set<string>();
  let [keeping, ranMs] = [0, 0];
  for (let round = 0; round < ROUNDS; round += 1) {
    const delayMs = random() * MOST_DELAY_MS;
    await killRolling(harmed, maxBytesPerSecond, delayMs);
    ranMs += delayMs;
    const more = await settleCounted(harmed, counted);
    for (const id of more) counted.add(id);
    if (more.length > 0) keeping += 1;
  }
  await expectRest(harmed, counted);
  expect((await settleCounted(harmed, counted)).length).toBe(RECORDINGS - counted.size);
  // By what may be read in that time.
  const keptMs = (1000 * counted.size * harmed.bytesEach) / maxBytesPerSecond;
  const lost = `${((ranMs - keptMs) / ROUNDS / 1000).toFixed(1)} s of ${(ranMs / ROUNDS / 1000).toFixed(1)} s each lost`;
  process.stdout.write(
    `${keeping} of ${ROUNDS} killed runs kept something, ${counted.size} recordings in all, ${lost}\n`,
  );
  expect(keeping).toBeGreaterThan(0);
  expect(counted.size).toBeLessThan(RECORDINGS);
}, 900_000);
