import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseFile } from "music-metadata";
import { describe, expect, test } from "vitest";
import { WRITE_RUBBISH, writeFakeFfmpeg } from "../helpers/fake-ffmpeg.ts";
import { listTree, withRecords } from "../helpers/list-tree.ts";
import { makeWavHeader, WAV_HEADER_BYTES } from "../helpers/make-wav.ts";
import { finish, type RunOptions, runHoldfast, startHoldfast } from "../helpers/run-holdfast.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

const OK = join(import.meta.dirname, "../../fixtures/audio/ok");
const DAMAGED = join(import.meta.dirname, "../../fixtures/audio/damaged");

async function convert(args: readonly string[], options: RunOptions) {
  const { code, stdout } = await runHoldfast(["convert", "--json", ...args], options);
  return { code, report: JSON.parse(stdout) };
}

const sha256Of = async (path: string) =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex");

/** Codec, rate, channels and seconds by another reader; it gives an Opus file's input rate, as we do. */
async function measure(path: string) {
  const { format } = await parseFile(path, { duration: true });
  return [format.codec, format.sampleRate, format.numberOfChannels, format.duration ?? 0] as const;
}

test("every fixture to every format: what comes out is what was asked for, twice the same bytes", async () => {
  const cwd = await makeTemporaryFolder();
  const first = await convert([OK, "--to", "mp3,wav,opus", "--cbr", "--out", "a"], { cwd });
  const second = await convert([OK, "--to", "mp3,wav,opus", "--cbr", "--out", "b"], { cwd });
  const fixtures = await readdir(OK);
  expect([first.code, first.report.counts.done]).toEqual([0, fixtures.length * 3]);
  for (const { source, output, status, ffmpeg, arguments: args } of first.report.results) {
    if (status === "encoded") expect([args.includes("-map"), ffmpeg.path.length > 0]).toEqual([true, true]);
    const [codec, rate, channels, seconds] = await measure(join(cwd, output.path));
    expect(codec).toMatch({ mp3: /Layer 3/, wav: /PCM/, opus: /Opus/ }[output.format as "mp3"]);
    expect([output.sampleRateHz, output.channels]).toEqual([16000, 1]);
    expect([rate, channels]).toEqual([16000, 1]);
    // An mp3 is read with the delay and padding of its encoder, a tenth of a second at most.
    expect(Math.abs(seconds - source.durationSeconds)).toBeLessThan(output.format === "mp3" ? 0.12 : 0.01);
    const asked = { mp3: 64, wav: 256, opus: 32 }[output.format as "mp3"];
    expect(Math.abs(output.bitrateKbps / asked - 1)).toBeLessThan(0.1);
    expect(await sha256Of(join(cwd, output.path))).toBe(output.sha256);
    expect(await sha256Of(join(cwd, output.path.replace(/^a/, "b")))).toBe(output.sha256);
  }
  const copied = first.report.results.filter(({ status }: { status: string }) => status === "copied");
  expect(copied.map(({ source }: { source: { path: string } }) => basename(source.path)).toSorted()).toEqual([
    "mp3-64k-16000.mp3",
    "wav-256k-16000.wav",
  ]);
  expect(second.code).toBe(0);
});

test("a minute of opus has the documented 240 kB with --cbr, and no more without", async () => {
  const cwd = await makeTemporaryFolder();
  const speech = (await readFile(join(OK, "wav-256k-16000.wav"))).subarray(WAV_HEADER_BYTES);
  const minute = Buffer.alloc(60 * 32_000, speech);
  await writeFile(join(cwd, "x.wav"), Buffer.concat([makeWavHeader(WAV_HEADER_BYTES + minute.length), minute]));
  const exact = await convert(["x.wav", "--to", "opus", "--cbr", "--out", "cbr"], { cwd });
  const variable = await convert(["x.wav", "--to", "opus", "--out", "vbr"], { cwd });
  const [{ output: cbr, profile }] = exact.report.results;
  const [{ output: vbr }] = variable.report.results;
  expect(profile).toBe("opus-32k-16000-cbr");
  // Beside the 240,000 bytes of audio there are page headers: 27 bytes and one more for each of its packets, a second.
  expect(cbr.sizeBytes).toBeGreaterThan(240_000);
  expect(cbr.sizeBytes).toBeLessThan(240_000 * 1.025);
  expect(vbr.sizeBytes).toBeLessThan(cbr.sizeBytes);
});

test.each([
  ["mp3", 8000, 1, 24],
  ["wav", 8000, 2, undefined],
  ["opus", 48000, 2, 64],
  ["opus", 8000, 1, 16],
] as const)("%s at %d Hz, %d channels, %s kbps", async (format, rate, channels, bitrate) => {
  const cwd = await makeTemporaryFolder();
  const choice = ["--sample-rate", String(rate), "--channels", String(channels)];
  const kbps = bitrate === undefined ? [] : ["--bitrate", String(bitrate)];
  const source = join(OK, "wav-256k-8000-2ch.wav");
  const { code, report } = await convert([source, "--to", format, "--out", "o", ...choice, ...kbps], { cwd });
  expect(code).toBe(0);
  expect((await measure(join(cwd, report.results[0].output.path))).slice(1, 3)).toEqual([rate, channels]);
});

describe("what is no recording never reaches ffmpeg", () => {
  test.each(["ffconcat.wav", "hls.mp3", "html.wav", "json-error.mp3", "empty.mp3"])("%s", async (name) => {
    const cwd = await makeTemporaryFolder();
    // A mark is left when it is asked to do anything but tell of itself.
    const fake = await writeFakeFfmpeg(cwd, `: > ${join(cwd, "started")}`);
    const { code, report } = await convert([join(DAMAGED, name), "--to", "mp3,opus", "--out", "o", "--ffmpeg", fake], {
      cwd,
    });
    expect(code).toBe(1);
    expect(report.results.map((result: { status: string }) => result.status)).toEqual(["refused", "refused"]);
    expect(report.failures.map((failure: { code: string }) => failure.code)).toEqual(["MEDIA_NOT_AUDIO"]);
    expect(await listTree(cwd)).toEqual(["ffmpeg"]);
  });
});

test("a cut recording is converted as far as it goes, and the run has a finding", async () => {
  const cwd = await makeTemporaryFolder();
  const { code, report } = await convert([join(DAMAGED, "cut.wav"), "--to", "opus", "--out", "o"], { cwd });
  expect(code).toBe(4);
  expect(report.findings).toMatchObject([{ kind: "truncated" }]);
  expect(report.results).toMatchObject([{ status: "encoded" }]);
});

describe("a program that is not what it should be leaves nothing", () => {
  test.each([
    ["exits 0 and writes nothing", ":"],
    ["exits 0 and complains", `${WRITE_RUBBISH}; echo oops >&2`],
    ["exits 0 and writes rubbish", WRITE_RUBBISH],
    ["exits 1 half-way", `${WRITE_RUBBISH}; exit 1`],
    ["is killed", "kill -9 $$"],
  ])("%s", async (_, body) => {
    const cwd = await makeTemporaryFolder();
    const fake = await writeFakeFfmpeg(cwd, body);
    const source = join(OK, "wav-256k-16000.wav");
    const { code, report } = await convert([source, "--to", "mp3", "--out", "o", "--ffmpeg", fake], { cwd });
    expect([code, report.results[0].status]).toEqual([1, "failed"]);
    expect(await listTree(cwd)).toEqual(["ffmpeg"]);
  });
});

describe("names and conflicts", () => {
  async function makeFolder(): Promise<string> {
    const cwd = await makeTemporaryFolder();
    await mkdir(join(cwd, "d/sub"), { recursive: true });
    await copyFile(join(OK, "wav-256k-16000.wav"), join(cwd, "d/x.wav"));
    await copyFile(join(OK, "mp3-64k-16000.mp3"), join(cwd, "d/sub/x [1].mp3"));
    await writeFile(join(cwd, "d/notes.txt"), "not a recording");
    return cwd;
  }

  test("folders are mirrored, other files left out", async () => {
    const cwd = await makeFolder();
    const { code } = await convert(["d", "--to", "opus", "--out", "o"], { cwd });
    expect(code).toBe(0);
    expect(await listTree(join(cwd, "o"))).toEqual(withRecords("sub/x [1].opus", "x.opus"));
  });

  test("a glob finds what it names, and so does a file with brackets", async () => {
    const cwd = await makeFolder();
    expect((await convert(["d/**/*.mp3", "--to", "opus", "--out", "o"], { cwd })).code).toBe(0);
    expect((await convert(["d/sub/x [1].mp3", "--to", "wav", "--out", "p"], { cwd })).code).toBe(0);
    expect([await listTree(join(cwd, "o")), await listTree(join(cwd, "p"))]).toEqual([
      withRecords("sub/x [1].opus"),
      withRecords("x [1].wav"),
    ]);
  });

  test("two sources of one name keep their whole names", async () => {
    const cwd = await makeFolder();
    await copyFile(join(OK, "mp3-64k-16000.mp3"), join(cwd, "d/x.mp3"));
    await convert(["d/x.wav", "d/x.mp3", "--to", "opus", "--out", "o"], { cwd });
    expect(await listTree(join(cwd, "o"))).toEqual(withRecords("x.mp3.opus", "x.wav.opus"));
  });

  test("in place, a second run makes nothing", async () => {
    const cwd = await makeFolder();
    await convert(["d", "--to", "mp3,opus"], { cwd });
    const before = await listTree(cwd);
    const { code, report } = await convert(["d", "--to", "mp3,opus"], { cwd });
    expect([code, report.counts.done]).toEqual([0, 0]);
    expect(report.results.map(({ status }: { status: string }) => status)).toEqual(["already", "already"]);
    expect(await listTree(cwd)).toEqual(before);
  });

  test("in place, what was made is replaced when that is asked for, and what was not made is not", async () => {
    const cwd = await makeFolder();
    await copyFile(join(OK, "mp3-32k-8000.mp3"), join(cwd, "d/x.mp3"));
    const args = ["d", "--to", "mp3,opus", "--on-conflict", "replace"];
    for (const _ of ["first", "again"]) {
      const { code, report } = await convert(args, { cwd });
      expect([code, report.failures.length]).toEqual([3, 1]);
      expect(report.failures).toMatchObject([
        { code: "MEDIA_OUTPUT_EXISTS", message: expect.stringMatching(/never replaced/) },
      ]);
      expect(report.counts).toMatchObject({ done: 1, failed: 1 });
    }
    expect(await sha256Of(join(cwd, "d/x.mp3"))).toBe(await sha256Of(join(OK, "mp3-32k-8000.mp3")));
  });

  test("what stands there is kept when it is right, refused when it is not, replaced when asked", async () => {
    const cwd = await makeFolder();
    const args = ["d/x.wav", "--to", "mp3", "--out", "o"];
    await convert(args, { cwd });
    expect((await convert(args, { cwd })).report.results).toMatchObject([{ status: "already" }]);
    expect((await convert([...args, "--on-conflict", "fail"], { cwd })).report.results).toMatchObject([
      { status: "refused" },
    ]);
    expect((await convert([...args, "--bitrate", "32"], { cwd })).report.results).toMatchObject([
      { status: "refused" },
    ]);
    await writeFile(join(cwd, "o/x.mp3"), "something else");
    const refused = await convert(args, { cwd });
    expect([refused.code, refused.report.failures[0].code]).toEqual([1, "MEDIA_OUTPUT_EXISTS"]);
    expect(await readFile(join(cwd, "o/x.mp3"), "utf8")).toBe("something else");
    expect((await convert([...args, "--on-conflict", "replace"], { cwd })).report.results).toMatchObject([
      { status: "encoded" },
    ]);
  });

  test("a source is never replaced, by whatever path it is reached", async () => {
    const cwd = await makeFolder();
    await symlink("d", join(cwd, "link"));
    const before = await sha256Of(join(cwd, "d/x.wav"));
    const args = ["--to", "wav", "--sample-rate", "8000", "--on-conflict", "replace"];
    for (const target of [[], ["--out", "link"], ["--out", "d"]]) {
      const { code, report } = await convert(["d/x.wav", ...args, ...target], { cwd });
      expect([code, report.failures[0].code]).toEqual([1, "MEDIA_OUTPUT_EXISTS"]);
    }
    expect(await sha256Of(join(cwd, "d/x.wav"))).toBe(before);
  });
});

test("Ctrl-C ends ffmpeg, leaves nothing half, reports, and exits with 130", async () => {
  const cwd = await makeTemporaryFolder();
  const wav = await readFile(join(OK, "wav-256k-16000.wav"));
  // Ten minutes of speech: long enough for ffmpeg to be at work when the signal comes.
  const seconds = 600;
  const body = Buffer.alloc(seconds * 32000);
  for (let at = 0; at < body.length; at += wav.length - 44) wav.copy(body, at, 44);
  const head = Buffer.from(wav.subarray(0, 44));
  head.writeUInt32LE(36 + body.length, 4);
  head.writeUInt32LE(body.length, 40);
  await writeFile(join(cwd, "long.wav"), Buffer.concat([head, body]));
  const child = startHoldfast(["convert", "long.wav", "--to", "opus", "--out", "o", "--json"], { cwd });
  const ended = finish(child);
  const isAtWork = async () => (await listTree(cwd)).some((path) => path.endsWith(".part"));
  while (!(await isAtWork())) await sleep(20);
  child.kill("SIGINT");
  const { code, stdout } = await ended;
  expect([code, JSON.parse(stdout).outcome]).toEqual([130, "cancelled"]);
  expect(await listTree(cwd)).toEqual(["long.wav"]);
  await rm(join(cwd, "long.wav"));
});
