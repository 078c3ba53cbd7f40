import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { toProfile } from "../../../src/core/profile.ts";
import { planArchiveConversion } from "../../../src/transcode/archive-plan.ts";
import { runConvert } from "../../../src/transcode/convert-run.ts";
import { CONFINEMENT, type ConvertFilesRequest, convertFiles } from "../../helpers/convert-files.ts";
import { openFakeFfmpeg, WRITE_RUBBISH } from "../../helpers/fake-ffmpeg.ts";
import { listTree, withRecords } from "../../helpers/list-tree.ts";
import { makeWav, tone } from "../../helpers/make-wav.ts";
import { openTestArchive, TEST_CLOCK } from "../../helpers/open-test-archive.ts";
import { readFixture, storeRecording } from "../../helpers/store-recording.ts";

/** The source is at another rate than what is made, so that it has to be encoded. */
const SOURCE = makeWav([tone(8000, 40)], 8000);
const RIGHT = makeWav([tone(16000, 80)]);

/** Shell that finds out where ffmpeg was told to write. */
const TO_LAST = 'for last; do :; done; last="$(echo "$last" | cut -c6-)";';
/** Shell that writes a file, made beforehand, where ffmpeg was told to write. */
const WRITE_MADE = `${TO_LAST} cat "$(dirname "$0")/made" > "$last"`;

/** Converts one recording by a fake, with what it may copy beside it. */
async function convertBy(
  body: string,
  { made = "", ...request }: Partial<ConvertFilesRequest> & { made?: Uint8Array | string } = {},
) {
  const { folder, ffmpeg } = await openFakeFfmpeg(body);
  await Promise.all([writeFile(join(folder, "made"), made), writeFile(join(folder, "x.wav"), SOURCE)]);
  const outFolder = join(folder, "o");
  await mkdir(outFolder);
  const input = join(folder, "x.wav");
  const report = await convertFiles([input], { ffmpeg, outFolder, formats: ["wav"], ...request });
  return { report, folder, outFolder, left: await listTree(outFolder) };
}

test("a program that writes the right file is believed, so that what follows fails for what is wrong alone", async () => {
  const { report, left } = await convertBy(WRITE_MADE, { made: RIGHT });
  expect([report.outcome, left]).toEqual(["ok", withRecords("x.wav")]);
});

describe("a program that fails leaves no output, no record and nothing half", () => {
  test.each([
    ["writes nothing, says nothing", ":", "MEDIA_OUTPUT_INVALID"],
    ["ends with a status", `${WRITE_MADE}; exit 1`, "MEDIA_FFMPEG_FAILED"],
    ["complains", `${WRITE_MADE}; echo oops >&2`, "MEDIA_FFMPEG_FAILED"],
    ["is killed", `${WRITE_MADE}; kill -9 $$`, "MEDIA_FFMPEG_FAILED"],
    ["writes rubbish", WRITE_RUBBISH, "MEDIA_OUTPUT_INVALID"],
    ["writes an empty file", `${TO_LAST} : > "$last"`, "MEDIA_OUTPUT_INVALID"],
    ["says that the disk is full", 'echo "x: No space left on device" >&2; exit 1', "STORAGE_FULL"],
  ])("%s", async (_, body, code) => {
    const { report, left } = await convertBy(body, { made: RIGHT });
    expect(report.failures).toMatchObject([{ code }]);
    expect([report.outcome, left]).toEqual(["failed", []]);
  });
});

describe("a program that writes another recording than was asked for", async () => {
  const mp3 = await readFixture("mp3-64k-16000.mp3");
  const long = await readFixture("wav-256k-16000.wav");
  test.each([
    ["of another rate", makeWav([tone(8000, 40)], 8000), /sample rate is 8000 instead of 16000/],
    ["of more channels", makeWav([tone(16000, 80), tone(16000, 80)]), /number of channels is 2 instead of 1/],
    ["of another format", mp3, /the output is an MP3/i],
    ["of another codec", toAlaw(RIGHT), /codec is pcm_alaw instead of pcm_s16le/],
    ["longer", long, /samples at 16000 Hz instead of 16000/],
    ["two samples shorter", makeWav([tone(15998, 80)]), /15998 samples at 16000 Hz instead of 16000/],
    ["without any audio", makeWav([[]]), /holds no audio/],
    ["cut short", RIGHT.subarray(0, 20_000), /instead of/],
  ])("%s", async (_, made, message) => {
    const { report, left } = await convertBy(WRITE_MADE, { made });
    expect(report.failures).toMatchObject([{ code: "MEDIA_OUTPUT_INVALID", message: expect.stringMatching(message) }]);
    expect(left).toEqual([]);
  });

  test("at another bitrate", async () => {
    const { report, left } = await convertBy(WRITE_MADE, {
      made: await readFixture("opus-32k-16000.opus"),
      formats: ["opus"],
      choice: { bitrateKbps: 16, cbr: true },
    });
    expect(report.failures).toMatchObject([
      { message: expect.stringMatching(/bitrate is \d\d\.\d kbps instead of 16/) },
    ]);
    expect(left).toEqual([]);
  });
});

/** The same bytes, said to be of A-law. */
function toAlaw(wav: Buffer): Buffer {
  const alaw = Buffer.from(wav);
  alaw.writeUInt16LE(6, 20);
  alaw.writeUInt32LE(16000, 28);
  alaw.writeUInt16LE(1, 32);
  alaw.writeUInt16LE(8, 34);
  return alaw;
}

test("what stood there before stays, with its record, when making it anew fails", async () => {
  const { folder, outFolder } = await convertBy(WRITE_MADE, { made: RIGHT });
  const contents = async () =>
    Promise.all((await listTree(outFolder)).map((path) => readFile(join(outFolder, path), "utf8")));
  const before = await contents();
  const { ffmpeg } = await openFakeFfmpeg(`${WRITE_RUBBISH}; exit 1`);
  const again = { ffmpeg, outFolder, formats: ["wav"], onConflict: "replace" } as const;
  expect((await convertFiles([join(folder, "x.wav")], again)).outcome).toBe("failed");
  expect(await contents()).toEqual(before);
});

test("where the name cannot be given there is no record either", async () => {
  const { folder, ffmpeg } = await openFakeFfmpeg(WRITE_MADE);
  await Promise.all([writeFile(join(folder, "made"), RIGHT), writeFile(join(folder, "x.wav"), SOURCE)]);
  await mkdir(join(folder, "o/x.wav"), { recursive: true });
  const request = { ffmpeg, outFolder: join(folder, "o"), formats: ["wav"], onConflict: "replace" } as const;
  const report = await convertFiles([join(folder, "x.wav")], request);
  expect([report.outcome, report.failures.length]).toEqual(["failed", 1]);
  expect(await listTree(join(folder, "o"))).toEqual([]);
});

test("in the archive the sidecar stays as it was", async () => {
  const { folder, ffmpeg } = await openFakeFfmpeg(`${WRITE_RUBBISH}; exit 1`);
  const archive = await openTestArchive(folder);
  const { key } = await storeRecording(archive, "rec_1", SOURCE);
  const before = [await listTree(folder), await readFile(archive.toPath(key), "utf8")];
  const plan = await planArchiveConversion(archive, { select: () => [toProfile("wav"), toProfile("opus")] });
  const options = { ffmpeg, confinement: CONFINEMENT, concurrency: 2, clock: TEST_CLOCK };
  const report = await runConvert(plan, options);
  expect(report).toMatchObject({
    outcome: "failed",
    counts: { failed: 2 },
    failures: [{ code: "MEDIA_FFMPEG_FAILED" }],
  });
  expect([await listTree(folder), await readFile(archive.toPath(key), "utf8")]).toEqual(before);
});
