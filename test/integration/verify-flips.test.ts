import { copyFile, rename, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Archive } from "../../src/archive/archive.ts";
import type { VerifyLevel } from "../../src/core/verification.ts";
import type { Looker } from "../../src/fixity/look/look.ts";
import { flipByte } from "../helpers/archive-harms.ts";
import { decode, toVerdict } from "../helpers/harm-rig.ts";
import { openTestArchive } from "../helpers/open-test-archive.ts";
import { readFixture, storeRecording } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { openTestLooker, verifyTestArchive } from "../helpers/verify-archive.ts";

let looker: Looker;
beforeAll(() => {
  looker = openTestLooker();
});
afterAll(() => looker.close());

const PERCENTS = Array.from({ length: 100 }, (_, percent) => percent);
const toId = (percent: number) => `rec_${String(percent).padStart(2, "0")}`;

async function verify(archive: Archive, level: VerifyLevel) {
  return toVerdict(archive.traits.location, await verifyTestArchive(archive, { level, decode, looker }));
}

/** Where a store put the original. */
function toPath(archive: Archive, id: string, format: string): string {
  return join(archive.traits.location, "recordings/2024/01/15", `${id}.${format}`);
}

describe.each([
  ["wav-128k-8000.wav", "wav", []],
  ["mp3-32k-8000.mp3", "mp3", []],
  ["opus-16k-8000.opus", "opus", []],
] as const)("a hundred copies of %s", (fixture, format) => {
  test("each with a bit flipped one percent further on: each is found, and nothing else", async () => {
    const archive = await openTestArchive(await makeTemporaryFolder());
    const bytes = await readFixture(fixture);
    await Promise.all(PERCENTS.map((percent) => storeRecording(archive, toId(percent), bytes)));
    expect(await verify(archive, "digest")).toMatchObject({ outcome: "ok", found: [] });
    for (const percent of PERCENTS) {
      await flipByte(toPath(archive, toId(percent), format), Math.floor((bytes.length * percent) / 100));
    }
    const damaged = PERCENTS.map((percent) => `15/${toId(percent)}.${format}`);
    expect(await verify(archive, "presence")).toMatchObject({ outcome: "ok", found: [] });
    for (const level of ["digest", "structure", "deep"] as const) {
      const { outcome, found, unwell, findings } = await verify(archive, level);
      expect(outcome).toBe("findings");
      expect(unwell).toEqual(damaged.map((path) => `damaged ${path}`));
      const tally: Record<string, number> = {};
      for (const { kind } of findings) tally[kind] = (tally[kind] ?? 0) + 1;
      console.log(fixture, level, tally, found.filter((line) => !line.startsWith("digest-mismatch")));
    }
  });
});
