import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { toProfile } from "../../../src/core/profile.ts";
import { planArchiveConversion } from "../../../src/transcode/archive-plan.ts";
import { runConvert } from "../../../src/transcode/convert-run.ts";
import { CONFINEMENT, type ConvertFilesRequest, convertFiles } from "../../helpers/convert-files.ts";
import { openFakeFfmpeg } from "../../helpers/fake-ffmpeg.ts";
import { listTree, withRecords } from "../../helpers/list-tree.ts";
import { makeWav, tone } from "../../helpers/make-wav.ts";
import { openTestArchive, TEST_CLOCK } from "../../helpers/open-test-archive.ts";
import { EMBEDDED, FFMPEGS } from "../../helpers/real-ffmpegs.ts";
import { readFixture, storeRecording } from "../../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const SPEECH = await readFixture("wav-256k-16000.wav");
/** At a rate that no target has. */
const TONES = makeWav([tone(44100, 100), tone(44100, 90)], 44100);

async function convertBytes(name: string, bytes: Uint8Array, request: Omit<ConvertFilesRequest, "outFolder">) {
  const folder = await makeTemporaryFolder();
  const [input, outFolder] = [join(folder, name), join(folder, "o")];
  await writeFile(input, bytes);
  const report = await convertFiles([input], { outFolder, ...request });
  const [result] = report.results;
  if (result === undefined) throw new Error("one output was wanted");
  return { report, result, outFolder, read: () => readFile(result.output.path) };
}

describe.each(FFMPEGS)("what ffmpeg $version has made is not made again, but copied byte for byte", (ffmpeg) => {
  test.each([
    ["mp3", {}],
    ["wav", {}],
    ["opus", {}],
    ["opus", { cbr: true }],
    ["opus", { sampleRateHz: 48000, effort: "fast" }],
    ["mp3", { sampleRateHz: 8000, bitrateKbps: 24, effort: "best" }],
    ["wav", { sampleRateHz: 8000, channels: 2 }],
  ] as const)("%s %o", async (format, choice) => {
    const request = { formats: [format], choice } as const;
    const first = await convertBytes("a.wav", format === "opus" ? SPEECH : TONES, { ...request, ffmpeg });
    expect(first.result.status).toBe("encoded");
    const never = await openFakeFfmpeg("echo started >&2; exit 1");
    const again = await convertBytes(`a.${format}`, await first.read(), { ...request, ffmpeg: never.ffmpeg });
    expect(again.result).toMatchObject({ status: "copied", output: { sha256: first.result.output.sha256 } });
    expect((await again.read()).equals(await first.read())).toBe(true);
    expect(await listTree(again.outFolder)).toEqual(withRecords(`a.${format}`));
  });
});

test("Opus of another encoder is judged by its bits, not by the length that our own packets have", async () => {
  const folder = await makeTemporaryFolder();
  const [wav, opus] = [join(folder, "a.wav"), join(folder, "a.opus")];
  await writeFile(wav, SPEECH);
  const encoder = "-c:a libopus -b:a 64k -vbr off -frame_duration 10".split(" ");
  execFileSync(EMBEDDED.path, ["-v", "error", "-i", wav, "-ac", "1", "-ar", "16000", ...encoder, opus]);
  const { result } = await convertBytes("a.opus", await readFile(opus), { formats: ["opus"] });
  expect([result.status, Math.round((result.source.bitrateKbps ?? 0) / 4) * 4]).toEqual(["encoded", 64]);
});

describe("what differs in anything is encoded", () => {
  test.each([
    ["another rate", "wav-256k-16000.wav", "wav", { sampleRateHz: 8000 }],
    ["another bitrate", "mp3-64k-16000.mp3", "mp3", { bitrateKbps: 48 }],
    ["a variable rate where a constant one is asked for", "vbr.opus", "opus", { cbr: true }],
    ["more than the bitrate", "opus-32k-16000.opus", "opus", { bitrateKbps: 16 }],
    ["other channels", "wav-256k-16000.wav", "wav", { channels: 2 }],
    ["another format", "wav-256k-16000.wav", "mp3", {}],
  ] as const)("%s", async (_, name, format, choice) => {
    const made = name === "vbr.opus" ? await convertBytes("a.wav", SPEECH, { formats: ["opus"] }) : undefined;
    const bytes = made === undefined ? await readFixture(name) : await made.read();
    const { result } = await convertBytes(name, bytes, { formats: [format], choice });
    expect(result.status).toBe("encoded");
  });

  test("damage", async () => {
    const { report, result } = await convertBytes("x.wav", SPEECH.subarray(0, 50_000), { formats: ["wav"] });
    expect([report.outcome, result.status]).toEqual(["findings", "encoded"]);
  });

  test("damage to something that is complete", async () => {
    const bytes = await readFixture("mp3-64k-16000.mp3");
    bytes.writeUInt8(bytes.readUInt8(20_000) ^ 1, 20_000);
    const { report, result } = await convertBytes("x.mp3", bytes, { formats: ["mp3"] });
    expect(report.findings).toMatchObject([{ kind: "corrupt-frames" }]);
    expect(["encoded", "failed"]).toContain(result.status);
  });
});

test("in the archive the original serves itself", async () => {
  const folder = await makeTemporaryFolder();
  const archive = await openTestArchive(folder);
  const { key } = await storeRecording(archive, "rec_1", SPEECH);
  const before = [await listTree(folder), await readFile(archive.toPath(key), "utf8")];
  const { ffmpeg } = await openFakeFfmpeg("exit 1");
  const plan = await planArchiveConversion(archive, { select: () => [toProfile("wav")] });
  const report = await runConvert(plan, { ffmpeg, confinement: CONFINEMENT, concurrency: 1, clock: TEST_CLOCK });
  const [result] = report.results;
  expect(result).toMatchObject({ status: "already", remarks: [expect.stringContaining("its very bytes")] });
  expect(result?.output.path).toBe(result?.source.path);
  expect([report.outcome, await listTree(folder), await readFile(archive.toPath(key), "utf8")]).toEqual([
    "ok",
    ...before,
  ]);
});
