import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { toProfile } from "../../src/core/profile.ts";
import { type Demuxer, toConvertArguments } from "../../src/ffmpeg/arguments.ts";
import { FfmpegFailedError } from "../../src/ffmpeg/errors.ts";
import type { Ffmpeg } from "../../src/ffmpeg/ffmpeg.ts";
import { findProgram } from "../../src/ffmpeg/find-program.ts";
import { runFfmpeg } from "../../src/ffmpeg/run.ts";
import { writeFakeFfmpeg } from "../helpers/fake-ffmpeg.ts";
import { listTree } from "../helpers/list-tree.ts";
import { FFMPEGS } from "../helpers/real-ffmpegs.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

const FIXTURE = join(import.meta.dirname, "../../fixtures/audio/ok/wav-256k-16000.wav");
const CANARY = "canary.wav";
const PLENTY_MS = 60_000;

/** What stands under the names of recordings: playlists that name the canary, and what servers say instead of audio. */
const LURES: Readonly<Record<string, string>> = {
  ffconcat: `ffconcat version 1.0\nfile ${CANARY}\n`,
  "ffconcat behind a byte order mark": `\uFEFFffconcat version 1.0\nfile ${CANARY}\n`,
  hls: `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n${CANARY}\n#EXT-X-ENDLIST\n`,
  "hls by an address": `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:${CANARY}\n#EXT-X-ENDLIST\n`,
  pls: `[playlist]\nFile1=${CANARY}\nNumberOfEntries=1\n`,
  dash: `<?xml version="1.0"?>\n<MPD><Period><AdaptationSet><Representation><BaseURL>${CANARY}</BaseURL></Representation></AdaptationSet></Period></MPD>\n`,
  sdp: "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n",
  "subfile in a list": `ffconcat version 1.0\nfile 'subfile,,start,0,end,999999,,:${CANARY}'\n`,
  "error in json": '{"error": "not found"}\n',
  "error in html": "<!doctype html><html><body>404</body></html>\n",
};
const DEMUXERS: readonly Demuxer[] = ["wav", "mp3", "ogg", "flac", "amr", "gsm", "g722"];
const NAMES = [...DEMUXERS, "opus", "awb"] as const;

async function writeLures(folder: string, extensions: readonly string[]): Promise<readonly string[]> {
  await copyFile(FIXTURE, join(folder, CANARY));
  const files = Object.values(LURES).flatMap((text, index) =>
    extensions.map((extension) => ({ name: `lure-${index}.${extension}`, text })),
  );
  for (const { name, text } of files) await writeFile(join(folder, name), text);
  return files.map(({ name }) => name);
}

test("what is no audio, under whatever name, is refused before ffmpeg starts", async () => {
  const cwd = await makeTemporaryFolder();
  const names = await writeLures(cwd, NAMES);
  const fake = await writeFakeFfmpeg(await makeTemporaryFolder(), `echo begun >> "${join(cwd, "begun")}"`);
  const convert = (inputs: readonly string[]) =>
    runHoldfast(["convert", ...inputs, "--to", "mp3", "--out", "out", "--json", "--ffmpeg", fake], { cwd });
  const report = JSON.parse((await convert(names)).stdout);
  const codes = new Set(report.failures.map(({ code }: { code: string }) => code));
  expect(report).toMatchObject({ outcome: "failed", counts: { failed: names.length, done: 0 } });
  expect([...codes]).toEqual(["MEDIA_NOT_AUDIO"]);
  const before = await listTree(cwd);
  expect(before.filter((path) => path === "begun" || path.startsWith("out/"))).toEqual([]);
  // The same command does start ffmpeg for a recording.
  await convert([CANARY]);
  expect(await listTree(cwd)).toContain("begun");
});

const strace = await findProgram("strace", process.env["PATH"] ?? "");
if (strace === undefined)
  process.stdout.write("strace is not installed: outputs are searched for the canary instead\n");

/** An ffmpeg whose opened files are told afterwards; undefined where that cannot be. */
async function watchOpens(ffmpeg: Ffmpeg): Promise<{ ffmpeg: Ffmpeg; readOpens: () => Promise<string | undefined> }> {
  if (strace === undefined) return { ffmpeg, readOpens: async () => undefined };
  const folder = await makeTemporaryFolder();
  const [path, log] = [join(folder, "ffmpeg"), join(folder, "opens")];
  const watched = `exec ${strace} -f -qq -e trace=open,openat -o ${log} ${ffmpeg.path} "$@"`;
  await writeFile(path, `#!/bin/sh\n${watched}\n`, { mode: 0o755 });
  return { ffmpeg: { ...ffmpeg, path }, readOpens: () => readFile(log, "utf8") };
}

describe.each(FFMPEGS)("ffmpeg $version, should a lure get past the gate", (found) => {
  test("opens no other file with our arguments, whatever the demuxer", async () => {
    const folder = await makeTemporaryFolder();
    const lures = await writeLures(folder, ["wav"]);
    const samples = (await readFile(FIXTURE)).subarray(-8000);
    for (const lure of lures) {
      for (const demuxer of DEMUXERS) {
        const { ffmpeg, readOpens } = await watchOpens(found);
        const output = join(folder, `${lure}.${demuxer}.out`);
        const targets = [{ path: output, profile: toProfile("wav"), filter: undefined }];
        const args = toConvertArguments([{ path: join(folder, lure), demuxer, targets }]);
        await runFfmpeg(ffmpeg, args, { timeoutMs: PLENTY_MS }).catch(expectFailure);
        const opens = await readOpens();
        if (opens !== undefined) expect(opens).toContain(lure);
        expect(opens ?? "", `${lure} as ${demuxer}`).not.toContain(CANARY);
        const written = await readFile(output).catch(() => Buffer.alloc(0));
        expect(written.includes(samples), `${lure} as ${demuxer}`).toBe(false);
      }
    }
  });

  test("would open the canary without them", async () => {
    const folder = await makeTemporaryFolder();
    const [lure = ""] = await writeLures(folder, ["wav"]);
    const { ffmpeg, readOpens } = await watchOpens(found);
    const output = join(folder, "x.out");
    await runFfmpeg(ffmpeg, ["-i", join(folder, lure), "-f", "wav", output], { timeoutMs: PLENTY_MS }).catch(
      expectFailure,
    );
    expect((await readOpens()) ?? CANARY).toContain(CANARY);
    expect((await readFile(output)).includes((await readFile(FIXTURE)).subarray(-8000))).toBe(true);
  });

  test("takes a file's name for nothing but a name", async () => {
    const cwd = await makeTemporaryFolder();
    await copyFile(FIXTURE, join(cwd, CANARY));
    const tone = join(cwd, "tone.wav");
    const made = ["-f", "lavfi", "-i", "sine=duration=1:sample_rate=16000", "-fflags", "+bitexact", tone];
    await runFfmpeg(found, made, { timeoutMs: PLENTY_MS });
    const names = [
      `subfile,,start,0,end,0,,:${CANARY}`,
      `concat:${CANARY}`,
      "pipe:0.wav",
      "./-i.wav",
      "%03d.wav",
      "a'b.wav",
    ];
    for (const name of names) await copyFile(tone, join(cwd, name));
    const args = ["--to", "mp3", "--out", "out", "--json", "--ffmpeg", found.path, ...names];
    const report = JSON.parse((await runHoldfast(["convert", ...args], { cwd })).stdout);
    expect(report.results.map(({ output }: { output: { durationSeconds: number } }) => output.durationSeconds)).toEqual(
      names.map(() => 1),
    );
  });
});

function expectFailure(error: unknown): void {
  expect(error).toBeInstanceOf(FfmpegFailedError);
}
