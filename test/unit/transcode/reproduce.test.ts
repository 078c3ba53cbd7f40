import { execFileSync } from "node:child_process";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ProfileChoice } from "../../../src/core/profile.ts";
import { toProfile } from "../../../src/core/profile.ts";
import type { Confinement, RunBounds } from "../../../src/ffmpeg/confinement.ts";
import type { Ffmpeg } from "../../../src/ffmpeg/ffmpeg.ts";
import { OWNER } from "../../../src/io/abandoned-files.ts";
import { planArchiveConversion } from "../../../src/transcode/archive-plan.ts";
import { runConvert } from "../../../src/transcode/convert-run.ts";
import { planReproduction } from "../../../src/transcode/reproduce-plan.ts";
import { runReproduce } from "../../../src/transcode/reproduce-run.ts";
import { CONFINEMENT, convertFiles } from "../../helpers/convert-files.ts";
import { writeFakeFfmpeg } from "../../helpers/fake-ffmpeg.ts";
import { listTree } from "../../helpers/list-tree.ts";
import { makeWav, tone } from "../../helpers/make-wav.ts";
import { openTestArchive, TEST_CLOCK } from "../../helpers/open-test-archive.ts";
import { EMBEDDED, FFMPEGS } from "../../helpers/real-ffmpegs.ts";
import { storeRecording } from "../../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const STEREO = makeWav([tone(30_000, 40), tone(30_000, 17)], 44100);
const OTHER_SHA256 = "0".repeat(64);

async function reproduce(recordPath: string, ffmpeg: Ffmpeg = EMBEDDED, confinement = CONFINEMENT) {
  const options = { ffmpeg, confinement, concurrency: 2, clock: TEST_CLOCK };
  return runReproduce(await planReproduction(recordPath), options);
}

/** A recording that was converted once, and the record of it. */
async function convertOnce({
  ffmpeg = EMBEDDED,
  format = "mp3" as const,
  choice = {} as ProfileChoice,
  bytes = STEREO,
} = {}) {
  const folder = await makeTemporaryFolder();
  await writeFile(join(folder, "x.wav"), bytes);
  const outFolder = join(folder, "o");
  await convertFiles([join(folder, "x.wav")], { ffmpeg, outFolder, formats: [format], choice, callerChannel: "left" });
  return { folder, outFolder, record: join(outFolder, `x.${format}.holdfast.json`) };
}

/** Changes a record as somebody else might. */
async function edit(record: string, change: (output: Record<string, unknown>) => void): Promise<void> {
  const json = JSON.parse(await readFile(record, "utf8"));
  change(json.output);
  await writeFile(record, JSON.stringify(json));
}

describe.each(FFMPEGS)("ffmpeg $version makes the same bytes again", (ffmpeg) => {
  test.each([
    ["mp3", {}],
    ["mp3", { participant: "callee", effort: "best", bitrateKbps: 32 }],
    ["wav", { channels: 2, sampleRateHz: 8000 }],
    ["opus", {}],
    ["opus", { cbr: true, sampleRateHz: 48000, channels: 2, bitrateKbps: 48, effort: "fast" }],
  ] as const)("%s %o", async (format, choice) => {
    const { outFolder, record } = await convertOnce({ ffmpeg, format: format as "mp3", choice });
    const before = await listTree(outFolder);
    const report = await reproduce(record, ffmpeg);
    expect([report.outcome, report.findings, report.failures]).toEqual(["ok", [], []]);
    expect(report.results).toMatchObject([{ status: "reproduced" }]);
    expect(await listTree(outFolder)).toEqual(before);
  });
});

test("all that a sidecar of the archive tells of", async () => {
  const archive = await openTestArchive(await makeTemporaryFolder());
  const { key } = await storeRecording(archive, "rec_1", STEREO);
  const profiles = [toProfile("mp3"), toProfile("opus"), toProfile("wav", { channels: 2 })];
  const options = { ffmpeg: EMBEDDED, confinement: CONFINEMENT, concurrency: 2, clock: TEST_CLOCK };
  await runConvert(await planArchiveConversion(archive, { select: () => profiles }), options);
  const report = await reproduce(archive.toPath(key));
  expect(report.results.map(({ status, profile }) => [profile, status]).toSorted()).toEqual([
    ["mp3-64k-16000", "reproduced"],
    ["opus-32k-16000", "reproduced"],
    ["wav-512k-16000-2ch", "reproduced"],
  ]);
});

/** Has ffmpeg's bounds noted, as a sandbox would keep them. */
function noteBounds(): { confinement: Confinement; noted: RunBounds[] } {
  const noted: RunBounds[] = [];
  const confine: Confinement["confine"] = (command, bounds) => {
    noted.push(bounds);
    return CONFINEMENT.confine(command, bounds);
  };
  return { confinement: { ...CONFINEMENT, confine }, noted };
}

test("a folder of its own is all that ffmpeg needs to write, and it is gone afterwards", async () => {
  const { folder, record } = await convertOnce();
  const { confinement, noted } = noteBounds();
  expect((await reproduce(record, EMBEDDED, confinement)).outcome).toBe("ok");
  const ours = expect.stringMatching(new RegExp(`^${tmpdir()}/holdfast-reproduce\\.${OWNER}\\.[0-9A-Za-z]{6}$`));
  expect(noted).toMatchObject([{ reads: [join(folder, "x.wav")], writes: [ours] }]);
  for (const path of noted.flatMap(({ writes }) => writes)) await expect(readdir(path)).rejects.toThrow("ENOENT");
});

test("what was copied is its source", async () => {
  const { record } = await convertOnce({ format: "wav" as "mp3", bytes: makeWav([tone(8000, 40)]) });
  expect(JSON.parse(await readFile(record, "utf8")).output.ffmpeg).toBe(null);
  expect((await reproduce(record)).results).toMatchObject([{ status: "reproduced" }]);
});

describe("what is not as recorded", () => {
  test("another digest is a finding", async () => {
    const { record } = await convertOnce();
    await edit(record, (output) => Object.assign(output, { sha256: OTHER_SHA256 }));
    const report = await reproduce(record);
    expect(report).toMatchObject({ outcome: "findings", counts: { done: 0, skipped: 1 }, failures: [] });
    expect(report.findings).toMatchObject([{ kind: "digest-mismatch", detail: { expected: OTHER_SHA256 } }]);
    expect(report.results).toMatchObject([
      { status: "different", foundSha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
  });

  test("another source is a finding, and nothing is made of it", async () => {
    const { folder, record } = await convertOnce();
    await writeFile(join(folder, "x.wav"), makeWav([tone(30_000, 41)]));
    const report = await reproduce(record);
    expect(report.findings).toMatchObject([{ kind: "digest-mismatch", subject: join(folder, "x.wav") }]);
    expect(report).toMatchObject({ outcome: "findings", results: [{ status: "failed" }] });
    expect(report.results[0]).not.toHaveProperty("foundSha256");
  });

  test("other bytes by another ffmpeg prove nothing", async () => {
    const { record } = await convertOnce();
    const different = { sha256: OTHER_SHA256, ffmpeg: { path: "/ffmpeg", version: "1", sha256: OTHER_SHA256 } };
    await edit(record, (output) => Object.assign(output, different));
    const report = await reproduce(record);
    expect(report.failures).toMatchObject([
      { code: "MEDIA_FFMPEG_DIFFERS", message: expect.stringMatching(/ffmpeg 1 /) },
    ]);
    expect([report.outcome, report.findings]).toEqual(["failed", []]);
  });

  test("the same bytes by another ffmpeg prove as much as by the same", async () => {
    const { record } = await convertOnce();
    const different = { ffmpeg: { path: "/ffmpeg", version: "1", sha256: OTHER_SHA256 } };
    await edit(record, (output) => Object.assign(output, different));
    expect((await reproduce(record)).results).toMatchObject([{ status: "reproduced" }]);
  });

  test("a source that is gone is a failure", async () => {
    const { record } = await convertOnce();
    const json = JSON.parse(await readFile(record, "utf8"));
    await writeFile(record, JSON.stringify({ ...json, source: { ...json.source, path: "../gone.wav" } }));
    expect((await reproduce(record)).failures).toMatchObject([{ code: "STORAGE_NOT_FOUND" }]);
  });
});

describe("a record may be anybody's", () => {
  test("the program and the arguments that it names are never run", async () => {
    const { folder, record } = await convertOnce();
    const [mark, stolen] = [join(folder, "started"), join(folder, "stolen")];
    const path = await writeFakeFfmpeg(folder, `: > ${mark}`);
    const args = ["-i", `file:${join(folder, "x.wav")}`, "-f", "wav", `file:${stolen}`];
    await edit(record, (output) =>
      Object.assign(output, { arguments: args, ffmpeg: { path, version: "9.9", sha256: OTHER_SHA256 } }),
    );
    const before = await listTree(folder);
    expect((await reproduce(record)).results).toMatchObject([{ status: "reproduced" }]);
    expect(await listTree(folder)).toEqual(before);
  });

  test.each([
    ["settings that no profile has", { settings: { sampleRateHz: 44100 } }, "PROFILE_INVALID"],
    ["a bitrate that no profile has", { settings: { bitrateKbps: 1 } }, "PROFILE_INVALID"],
    [
      "a party of whom nothing tells",
      { settings: { participant: "caller", callerChannel: undefined } },
      "MEDIA_PARTICIPANT_UNKNOWN",
    ],
  ])("%s is a failure like any other", async (_, { settings }, code) => {
    const { record } = await convertOnce();
    await edit(record, (output) => Object.assign(output["settings"] as object, settings));
    expect((await reproduce(record)).failures).toMatchObject([{ code }]);
  });

  test.each([
    ["no record", "{}"],
    ["no JSON", "x".repeat(5000)],
    ["nothing", ""],
  ])("%s", async (_, text) => {
    const path = join(await makeTemporaryFolder(), "record.json");
    await writeFile(path, text);
    await expect(reproduce(path)).rejects.toMatchObject({
      code: "SIDECAR_INVALID",
      message: expect.stringContaining(path),
    });
  });

  test("a profile that would be a path makes nothing anywhere", async () => {
    const { folder, record } = await convertOnce();
    await edit(record, (output) => Object.assign(output, { profile: `x/../../../../..${folder}/made/y` }));
    const before = await listTree(folder);
    await expect(reproduce(record)).rejects.toMatchObject({ code: "SIDECAR_INVALID" });
    expect(await readdir(folder)).not.toContain("made");
    expect(await listTree(folder)).toEqual(before);
  });

  test.each([
    ["a name that no system has", "x\0.wav", "SIDECAR_INVALID"],
    ["a device", "/dev/zero", "STORAGE_UNAVAILABLE"],
    ["a folder", ".", "STORAGE_UNAVAILABLE"],
  ])("%s as the source", async (_, path, code) => {
    const { record } = await convertOnce();
    const json = JSON.parse(await readFile(record, "utf8"));
    await writeFile(record, JSON.stringify({ ...json, source: { ...json.source, path } }));
    const told = await reproduce(record)
      .then(({ failures }) => failures[0])
      .catch((error: unknown) => error);
    expect(told).toMatchObject({ code });
  });

  test("a pipe as the source is not waited for", async () => {
    const { folder, record } = await convertOnce();
    await rm(join(folder, "x.wav"));
    execFileSync("mkfifo", [join(folder, "x.wav")]);
    expect((await reproduce(record)).failures).toMatchObject([
      { code: "STORAGE_UNAVAILABLE", message: `not a regular file: ${join(folder, "x.wav")}` },
    ]);
  });

  test("a record without an end is read to its limit", async () => {
    await expect(reproduce("/dev/zero")).rejects.toMatchObject({
      code: "SIDECAR_INVALID",
      message: "longer than the 16777216 bytes of a record: /dev/zero",
    });
  });

  test("a name that leads out of the folder", async () => {
    const { record } = await convertOnce();
    await edit(record, (output) => Object.assign(output, { file: "../x.wav" }));
    await expect(reproduce(record)).rejects.toMatchObject({ code: "SIDECAR_INVALID" });
  });

  test("a sidecar of which nothing was made", async () => {
    const archive = await openTestArchive(await makeTemporaryFolder());
    const { key } = await storeRecording(archive, "rec_1", STEREO);
    await expect(reproduce(archive.toPath(key))).rejects.toThrow(/nothing was converted yet/);
  });
});
