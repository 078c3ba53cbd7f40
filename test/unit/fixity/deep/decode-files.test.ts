import { readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { Slots } from "../../../../src/async/slots.ts";
import type { Ffmpeg } from "../../../../src/ffmpeg/ffmpeg.ts";
import { locateConfinement } from "../../../../src/ffmpeg/locate-confinement.ts";
import { decodeFiles } from "../../../../src/fixity/deep/decode-files.ts";
import type { DecodeContext, DecodeVerdict } from "../../../../src/fixity/deep/decoding.ts";
import { OWNER } from "../../../../src/io/abandoned-files.ts";
import { NEVER_ENDS, openFakeFfmpeg, waitForPids, waitUntilGone } from "../../../helpers/fake-ffmpeg.ts";
import { makeWav, tone } from "../../../helpers/make-wav.ts";
import { EMBEDDED, FFMPEGS } from "../../../helpers/real-ffmpegs.ts";
import { makeTemporaryFolder } from "../../../helpers/temporary-folder.ts";
import { toDecodeRequest } from "../../../helpers/to-decode-request.ts";
import { damageOpusPackets, damageSideInfo, encode, overwrite } from "./damaged-bytes.ts";

const FIXTURES = resolve(import.meta.dirname, "../../../../fixtures/audio");
const OK: DecodeVerdict = { kind: "decoded", findings: [] };
const NOTHING: DecodeVerdict = { kind: "nothing-to-decode" };

async function toContext(ffmpeg: Ffmpeg, signal?: AbortSignal): Promise<DecodeContext> {
  const confinement = await locateConfinement({ searchPath: "", sandbox: false });
  return { ffmpeg, confinement, slots: new Slots(2), signal };
}

async function decode(ffmpeg: Ffmpeg, paths: readonly string[]): Promise<readonly DecodeVerdict[]> {
  return decodeFiles(await Promise.all(paths.map(toDecodeRequest)), await toContext(ffmpeg));
}

async function pathsIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).sort().map((name) => join(folder, name));
}

/** Writes so many WAV files, each of another length. */
async function writeTones(count: number): Promise<readonly string[]> {
  const folder = await makeTemporaryFolder();
  const paths = Array.from({ length: count }, (_, at) => join(folder, `${String(at).padStart(2, "0")}.wav`));
  for (const [at, path] of paths.entries()) await writeFile(path, makeWav([tone(1000 + at, 40)]));
  return paths;
}

async function writeOne(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(await makeTemporaryFolder(), name);
  await writeFile(path, bytes);
  return path;
}

/** Names the findings of a file by kind. */
function kindsOf(verdict: DecodeVerdict | undefined): readonly string[] {
  return verdict?.kind === "decoded" ? verdict.findings.map(({ kind }) => kind) : [verdict?.kind ?? "none"];
}

describe.each(FFMPEGS)("ffmpeg $version", (ffmpeg) => {
  test("whole recordings of all formats are found whole, in one run or in many", async () => {
    const paths = [...(await pathsIn(join(FIXTURES, "ok"))), ...(await writeTones(40))];
    expect(await decode(ffmpeg, paths)).toEqual(paths.map(() => OK));
  });

  test("what is no recording is told apart from what was decoded", async () => {
    const names = ["html.wav", "ffconcat.wav", "hls.mp3", "empty.mp3", "json-error.mp3"];
    const paths = [join(FIXTURES, "ok/mp3-32k-8000.mp3"), ...names.map((name) => join(FIXTURES, "damaged", name))];
    expect(await decode(ffmpeg, paths)).toEqual([OK, ...names.map(() => NOTHING)]);
  });

  test("a header without audio behind it is not decoded", async () => {
    expect(await decode(ffmpeg, [await writeOne("empty.wav", makeWav([[]]))])).toEqual([NOTHING]);
  });

  test("garbage around an MP3 is kept from ffmpeg, and nothing is left of the copy", async () => {
    expect(await decode(ffmpeg, [join(FIXTURES, "damaged/leading-garbage.mp3")])).toEqual([OK]);
    const left = (await readdir(tmpdir())).filter((name) => name.startsWith(`holdfast-stream.${OWNER}.`));
    expect(left).toEqual([]);
  });

  test("an MP3 whose frames are damaged inside, and whose structure shows nothing of it", async () => {
    const whole = await encode(ffmpeg, ["-c:a", "libmp3lame", "-b:a", "32k", "-write_xing", "0"], "mp3");
    const path = await writeOne("x.mp3", damageSideInfo(whole));
    const request = await toDecodeRequest(path);
    expect(request.identity.structure?.defects).toEqual([]);
    const [verdict] = await decodeFiles([request], await toContext(ffmpeg));
    expect(kindsOf(verdict)).toEqual(["corrupt-frames"]);
  });

  test("Opus packets that are damaged beneath checksums that fit", async () => {
    const whole = await readFile(join(FIXTURES, "ok/opus-32k-16000.opus"));
    const path = await writeOne("x.opus", damageOpusPackets(whole));
    const request = await toDecodeRequest(path);
    expect(request.identity.structure?.defects).toEqual([]);
    const [verdict] = await decodeFiles([request], await toContext(ffmpeg));
    expect(kindsOf(verdict)).toEqual(["corrupt-frames"]);
  });

  test("a block of ADPCM whose header is impossible", async () => {
    const whole = await encode(ffmpeg, ["-c:a", "adpcm_ima_wav"], "wav");
    const data = whole.indexOf("data") + 8;
    // The step index, 88 at most, of the second block of 1024 bytes.
    const path = await writeOne("x.wav", overwrite(whole, { from: data + 1024 + 2, byte: 0xff, length: 1 }));
    const request = await toDecodeRequest(path);
    expect(request.identity.structure?.defects).toEqual([]);
    const [verdict] = await decodeFiles([request], await toContext(ffmpeg));
    expect(kindsOf(verdict)).toEqual(["corrupt-frames"]);
  });

  test("one bad recording among many is the only one that is called so", async () => {
    const [sound, other, ...rest] = await writeTones(8);
    const whole = await encode(ffmpeg, ["-c:a", "adpcm_ima_wav"], "wav");
    const bad = await writeOne(
      "bad.wav",
      overwrite(whole, { from: whole.indexOf("data") + 10, byte: 0xff, length: 1 }),
    );
    const paths = [sound ?? "", other ?? "", bad, ...rest];
    const verdicts = await decode(ffmpeg, paths);
    expect(verdicts.map(kindsOf)).toEqual(paths.map((path) => (path === bad ? ["corrupt-frames"] : [])));
  });

  test("recordings joined in one file are decoded, or it is said that they cannot be", async () => {
    const links = ["opus-32k-16000.opus", "opus-16k-8000.opus"].map((name) => readFile(join(FIXTURES, "ok", name)));
    const [verdict] = await decode(ffmpeg, [await writeOne("chain.opus", Buffer.concat(await Promise.all(links)))]);
    expect([[], ["undecodable"]]).toContainEqual(kindsOf(verdict));
  });
});

test("ffmpeg's words are told, without what is another each time", async () => {
  const whole = await encode(EMBEDDED, ["-c:a", "adpcm_ima_wav"], "wav");
  const path = await writeOne("x.wav", overwrite(whole, { from: whole.indexOf("data") + 10, byte: 0xff, length: 1 }));
  const [verdict] = await decode(EMBEDDED, [path]);
  expect(verdict).toMatchObject({ findings: [{ kind: "corrupt-frames", subject: path, detail: {} }] });
  expect(JSON.stringify(verdict)).toMatch(/without complaint: \\"\[adpcm_ima_wav\] [^@]*\\"/);
});

/** Prints what ffmpeg lists of so many samples for each file, whatever is in it. */
const listing = (samples: number) =>
  `i=0; for arg; do case "$arg" in file:*) echo "#tb $i: 1/16000"; echo "$i, 0, 0, ${samples}, 1, 0x0"; i=$((i+1));; esac; done`;

test("fewer samples than there must be are a finding, though ffmpeg is content", async () => {
  const { ffmpeg } = await openFakeFfmpeg(listing(600));
  const [path = ""] = await writeTones(1);
  expect(await decode(ffmpeg, [path])).toEqual([
    {
      kind: "decoded",
      findings: [
        {
          kind: "duration-mismatch",
          subject: path,
          message: "it is decoded to 600 samples (0.037 seconds), and should be 1000 samples (0.063 seconds)",
          detail: { expected: 1000, found: 600, lostSeconds: 0.025 },
        },
      ],
    },
  ]);
});

test("of a run in which one count is wrong, each is counted alone", async () => {
  // Of several files it says the same; of one the truth.
  const { folder, ffmpeg } = await openFakeFfmpeg(
    `echo run >> "$(dirname "$0")/runs"; case "$*" in *file:*file:*) ${listing(1000)};; *) exec ${EMBEDDED.path} "$@";; esac`,
  );
  expect(await decode(ffmpeg, await writeTones(3))).toEqual([OK, OK, OK]);
  expect(await readFile(join(folder, "runs"), "utf8")).toBe("run\n".repeat(4));
});

test("no samples at all are no audio", async () => {
  const { ffmpeg } = await openFakeFfmpeg("exit 0");
  const [verdict] = await decode(ffmpeg, await writeTones(1));
  expect(verdict).toMatchObject({ findings: [{ kind: "no-audio", detail: { expected: 1000, found: 0 } }] });
});

test("an ffmpeg that dies says nothing against the recording", async () => {
  const { ffmpeg } = await openFakeFfmpeg("kill -KILL $$");
  const [verdict] = await decode(ffmpeg, await writeTones(1));
  expect(verdict).toMatchObject({ kind: "unreadable", finding: { kind: "unreadable", message: /SIGKILL/ } });
});

test.each([
  ["file:/x/y.wav: Input/output error", "unreadable"],
  ["Decoder (codec none) not found for input stream #0:0", "undecodable"],
  ["[wav @ 0x1234] rubbish", "corrupt-frames"],
])("ffmpeg says %s: %s", async (words, kind) => {
  const { ffmpeg } = await openFakeFfmpeg(`echo '${words}' >&2; exit 1`);
  const [verdict] = await decode(ffmpeg, await writeTones(1));
  expect(kindsOf(verdict)).toEqual([kind]);
});

test("an ffmpeg that is not there is a failure, and no finding", async () => {
  const { ffmpeg, folder } = await openFakeFfmpeg("exit 0");
  await rm(join(folder, "ffmpeg"));
  await expect(decode(ffmpeg, await writeTones(3))).rejects.toMatchObject({ code: "MEDIA_FFMPEG_FAILED" });
});

test("what has changed or gone since it was read is not judged", async () => {
  const paths = await writeTones(4);
  const [list = "", gone = "", touched = ""] = paths;
  const requests = await Promise.all(paths.map(toDecodeRequest));
  const { sizeBytes } = requests[0]?.trace ?? { sizeBytes: 0 };
  const { atime, mtime } = await stat(touched);
  await writeFile(list, `ffconcat version 1.0\nfile '${basename(gone)}'\n`.padEnd(sizeBytes));
  await rm(gone);
  await utimes(touched, atime, new Date(mtime.getTime() + 5000));
  const verdicts = await decodeFiles(requests, await toContext(EMBEDDED));
  expect(verdicts.map((verdict) => (verdict.kind === "unreadable" ? verdict.finding.message : verdict.kind))).toEqual([
    "the file cannot be decoded: it changed while it was verified",
    "the file cannot be decoded: it is not there any more",
    "the file cannot be decoded: it changed while it was verified",
    "decoded",
  ]);
});

test("when it is stopped, no ffmpeg goes on", async () => {
  const { ffmpeg, folder } = await openFakeFfmpeg(NEVER_ENDS);
  const stop = new AbortController();
  const requests = await Promise.all((await writeTones(3)).map(toDecodeRequest));
  const decoding = decodeFiles(requests, await toContext(ffmpeg, stop.signal));
  const pids = await waitForPids(folder);
  stop.abort(new Error("enough"));
  await expect(decoding).rejects.toThrow("enough");
  await waitUntilGone(pids);
});
