import { copyFile, rename, utimes } from "node:fs/promises";
import { join } from "node:path";
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

/** A whole second: of less, JavaScript's numbers and file systems keep different parts. */
const WRITTEN_AT = 1_700_000_000;

/** Where the first packet of `mp3-32k-8000.mp3` stands, by `ffprobe -show_packets`; an ID3 tag and the encoder's own frame come first. */
const FIRST_PACKET = 308;

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
  { fixture: "wav-128k-8000.wav", format: "wav", audioByte: 0 },
  { fixture: "mp3-32k-8000.mp3", format: "mp3", audioByte: FIRST_PACKET },
  { fixture: "opus-16k-8000.opus", format: "opus", audioByte: 0 },
])("a hundred copies of $fixture", ({ fixture, format, audioByte }) => {
  test("each with a bit flipped one percent further on: each is found, and nothing else", async () => {
    const archive = await openTestArchive(await makeTemporaryFolder());
    const bytes = await readFixture(fixture);
    await Promise.all(PERCENTS.map((percent) => storeRecording(archive, toId(percent), bytes)));
    expect(await verify(archive, "digest")).toMatchObject({ outcome: "ok", found: [] });
    const expected: string[] = [];
    for (const percent of PERCENTS) {
      const offset = Math.floor((bytes.length * percent) / 100);
      await flipByte(toPath(archive, toId(percent), format), offset);
      expected.push(`${offset < audioByte ? "tags-changed" : "digest-mismatch"} 15/${toId(percent)}.${format}`);
    }
    expect(await verify(archive, "presence")).toMatchObject({ outcome: "ok", found: [] });
    const unwell = PERCENTS.map((percent) => `damaged 15/${toId(percent)}.${format}`);
    for (const level of ["digest", "structure", "deep"] as const) {
      const verdict = await verify(archive, level);
      expect(verdict).toMatchObject({ outcome: "findings", found: expected.toSorted(), unwell });
      for (const { detail } of verdict.findings) expect(detail.cause).toBeUndefined();
    }
  });
});

describe("bit rot is what no program did", () => {
  const flipSecretly = async (path: string) => {
    await flipByte(path, 9000);
    await utimes(path, WRITTEN_AT, WRITTEN_AT);
  };
  const changes = [
    { name: "size, time and inode are as they were", change: flipSecretly, cause: "bit-rot" },
    { name: "the time is another", change: (path: string) => flipByte(path, 9000), cause: undefined },
    {
      name: "the inode is another",
      change: async (path: string) => {
        await copyFile(path, `${path}.new`);
        await rename(`${path}.new`, path);
        await flipSecretly(path);
      },
      cause: undefined,
    },
  ];

  test.each(changes)("$name: $cause", async ({ change, cause }) => {
    const archive = await openTestArchive(await makeTemporaryFolder());
    await storeRecording(archive, "rec_1", await readFixture("mp3-32k-8000.mp3"));
    const path = toPath(archive, "rec_1", "mp3");
    await utimes(path, WRITTEN_AT, WRITTEN_AT);
    expect(await verify(archive, "digest")).toMatchObject({ outcome: "ok" });
    await change(path);
    for (const level of ["digest", "structure"] as const) {
      const { found, findings } = await verify(archive, level);
      expect(found).toEqual(["digest-mismatch 15/rec_1.mp3"]);
      expect([findings[0]?.detail.cause, findings[0]?.message.startsWith("bit rot: ")]).toEqual([
        cause,
        cause !== undefined,
      ]);
    }
  });

  test("where nobody had read the file before, nothing is said of it", async () => {
    const archive = await openTestArchive(await makeTemporaryFolder());
    await storeRecording(archive, "rec_1", await readFixture("mp3-32k-8000.mp3"));
    await utimes(toPath(archive, "rec_1", "mp3"), WRITTEN_AT, WRITTEN_AT);
    expect(await verify(archive, "presence")).toMatchObject({ outcome: "ok" });
    await flipSecretly(toPath(archive, "rec_1", "mp3"));
    expect((await verify(archive, "digest")).findings).toMatchObject([{ kind: "digest-mismatch" }]);
    expect((await verify(archive, "digest")).findings[0]?.detail.cause).toBeUndefined();
  });
});
