import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { openArchive } from "../../src/compose.ts";
import { TEST_CLOCK } from "../helpers/open-test-archive.ts";
import { EMBEDDED } from "../helpers/real-ffmpegs.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { readFixture, storeRecording } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { TEST_CUSTODIAN } from "../helpers/test-custodian.ts";
import { damageSideInfo, encode } from "../unit/fixity/deep/damaged-bytes.ts";

const FIXTURES = resolve(import.meta.dirname, "../../fixtures/audio");
const SOUND = ["mp3-64k-16000.mp3", "opus-32k-16000.opus", "wav-256k-8000-2ch.wav"];

/** Frames whose inside is damaged, which nothing but a decoder sees. */
function makeBadMp3(): Buffer {
  return damageSideInfo(encode(EMBEDDED, ["-c:a", "libmp3lame", "-b:a", "32k", "-write_xing", "0"], "mp3"));
}

/** An archive with rec_0 and so on. */
async function makeArchive(originals: readonly Uint8Array[]): Promise<string> {
  const cwd = await makeTemporaryFolder();
  const archive = await openArchive(join(cwd, "archive"), {
    clock: TEST_CLOCK,
    create: true,
    custodian: TEST_CUSTODIAN,
  });
  for (const [index, bytes] of originals.entries()) await storeRecording(archive, `rec_${index}`, bytes);
  await archive.close();
  return cwd;
}

async function verify(cwd: string, ...args: readonly string[]) {
  const { code, stdout, stderr } = await runHoldfast(["verify", "--json", ...args], { cwd });
  const report = JSON.parse(stdout);
  const found = report.findings.map(({ kind, subject }: { kind: string; subject: string }) => [
    kind,
    subject.split("/").at(-1),
  ]);
  return { code, report, found, stderr };
}

test("an archive of sound recordings is ok at level deep, and each of them was decoded", async () => {
  const { code, report } = await verify(
    await makeArchive(await Promise.all(SOUND.map(readFixture))),
    "--level",
    "deep",
  );
  expect([code, report.outcome, report.counts.findings]).toEqual([0, "ok", 0]);
  const recordings = report.results.filter(({ path }: { path: string }) => !path.endsWith(".json"));
  expect(recordings).toHaveLength(3);
  for (const result of recordings) expect(result).toMatchObject({ status: "ok", level: "deep" });
});

test("damage that was stored, and that no digest can show, is found at level deep alone", async () => {
  const cwd = await makeArchive([makeBadMp3(), await readFixture("mp3-64k-16000.mp3")]);
  for (const level of ["digest", "structure"]) expect((await verify(cwd, "--level", level)).code).toBe(0);
  const { code, report, found } = await verify(cwd, "--level", "deep");
  expect([code, found]).toEqual([4, [["corrupt-frames", "rec_0.mp3"]]]);
  expect(report.findings[0].message).toMatch(/^it cannot be decoded without complaint: "/);
});

test("single files are decoded, too", async () => {
  const cwd = await makeTemporaryFolder();
  await writeFile(join(cwd, "bad.mp3"), makeBadMp3());
  await writeFile(join(cwd, "sound.opus"), await readFixture("opus-32k-16000.opus"));
  const { code, found } = await verify(cwd, "bad.mp3", "--level", "deep");
  expect([code, found]).toEqual([4, [["corrupt-frames", "bad.mp3"]]]);
  expect((await verify(cwd, "sound.opus", "--level", "deep")).code).toBe(0);
});

test("a playlist that is named like a recording is named, and what it lists is not opened", async () => {
  const cwd = await makeTemporaryFolder();
  const { code, found } = await verify(cwd, join(FIXTURES, "damaged/ffconcat.wav"), "--level", "deep");
  expect([code, found]).toEqual([4, [["not-audio", "ffconcat.wav"]]]);
});

test("what this ffmpeg cannot decode was not verified, and the run does not say that it was", async () => {
  const cwd = await makeTemporaryFolder();
  const links = ["ok/opus-32k-16000.opus", "ok/opus-16k-8000.opus"].map((name) => readFile(join(FIXTURES, name)));
  await writeFile(join(cwd, "chain.opus"), Buffer.concat(await Promise.all(links)));
  await writeFile(join(cwd, "sound.opus"), await readFixture("opus-32k-16000.opus"));
  const { code, report, found } = await verify(cwd, "chain.opus", "sound.opus", "--level", "deep");
  expect([code, found]).toEqual([3, []]);
  const levels = report.results.map(({ path, level }: { path: string; level: string }) => [
    path.split("/").at(-1),
    level,
  ]);
  expect(Object.fromEntries(levels)).toEqual({ "chain.opus": "structure", "sound.opus": "deep" });
  expect(report.failures).toHaveLength(1);
  expect(report.failures[0].message).toContain("2 recordings that are joined");
});

test("without an ffmpeg nothing is decoded, and nothing is said", async () => {
  const cwd = await makeArchive([await readFixture("mp3-64k-16000.mp3")]);
  const { code, stdout } = await runHoldfast(["verify", "--level", "deep", "--ffmpeg", "/nonexistent"], { cwd });
  expect([code, stdout]).toEqual([2, ""]);
});
