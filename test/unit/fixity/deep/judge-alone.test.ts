import { resolve } from "node:path";
import { expect, test } from "vitest";
import { identify } from "../../../../src/audio/identify.ts";
import { judgeAlone } from "../../../../src/fixity/deep/judge-alone.ts";
import { readFileChunks } from "../../../../src/io/read-file.ts";

const FOLDER = resolve(import.meta.dirname, "../../../../fixtures/audio");

/** Judges the bytes of a fixture under another name. */
async function judge(fixture: string, name = fixture) {
  return judgeAlone(name, await identify(readFileChunks(resolve(FOLDER, fixture))));
}

async function kindsOf(...named: Parameters<typeof judge>): Promise<readonly string[]> {
  return (await judge(...named)).findings.map(({ kind }) => kind);
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text, "latin1");
}

test.each(["mp3-64k-16000.mp3", "opus-32k-16000.opus", "wav-256k-8000-2ch.wav"])("%s is sound", async (name) => {
  expect(await judge(`ok/${name}`)).toEqual({ findings: [], remarks: [] });
});

test.each([
  ["damaged/cut.mp3", ["truncated"]],
  ["damaged/cut.opus", ["truncated"]],
  ["damaged/cut.wav", ["truncated"]],
  ["damaged/flipped.opus", ["corrupt-frames"]],
  ["damaged/trailing-garbage.wav", ["trailing-data"]],
  ["damaged/empty.mp3", ["not-audio"]],
  ["damaged/ffconcat.wav", ["not-audio"]],
  ["damaged/hls.mp3", ["not-audio"]],
  ["damaged/html.wav", ["not-audio"]],
  ["damaged/json-error.mp3", ["not-audio"]],
] as const)("%s: %j", async (name, kinds) => {
  expect(await kindsOf(name)).toEqual(kinds);
});

test("what is no recording is named, whatever its name says", async () => {
  expect((await judge("damaged/html.wav", "/x/notes.txt")).findings).toEqual([
    {
      kind: "not-audio",
      subject: "/x/notes.txt",
      message: "not a recording but an HTML page",
      detail: { found: "an HTML page" },
    },
  ]);
});

test("a name that says another format than the bytes is told, beside all else", async () => {
  expect((await judge("ok/wav-256k-16000.wav", "/x/call.MP3")).findings).toEqual([
    {
      kind: "wrong-format",
      subject: "/x/call.MP3",
      message: "its name ends in .mp3, but it is a WAV recording",
      detail: { expected: "mp3", found: "a WAV recording" },
    },
  ]);
  expect(await kindsOf("damaged/cut.wav", "/x/call.opus")).toEqual(["wrong-format", "truncated"]);
});

test("a name that promises nothing, or the right thing, is no finding", async () => {
  expect(await kindsOf("ok/wav-256k-16000.wav", "/x/call")).toEqual([]);
  expect(await kindsOf("ok/wav-256k-16000.wav", "/x/call.mp3.bak")).toEqual([]);
  expect(await kindsOf("ok/opus-32k-16000.opus", "/x/call.ogg")).toEqual([]);
});

test("what does not say how long it should be is told as such, and not as wrong", async () => {
  const identity = await identify(bytes(`#!AMR\n${`\x3c${"\xff".repeat(31)}`.repeat(10)}`));
  expect(identity.structure).toMatchObject({ frames: 10, complete: undefined });
  expect(judgeAlone("/x/call.amr", identity)).toEqual({
    findings: [],
    remarks: ["It does not say how much audio there should be, so nobody can tell whether its end is there."],
  });
});

test("a recording in a format that is not walked is not called sound", async () => {
  const identity = await identify(bytes(`\0\0\0\x18ftypM4A ${"\0".repeat(64)}`));
  expect(judgeAlone("/x/call.m4a", identity)).toEqual({
    findings: [],
    remarks: ["It is an MP4 file, of which only the first bytes are understood here."],
  });
  expect(judgeAlone("/x/call.wav", identity).findings.map(({ kind }) => kind)).toEqual(["wrong-format"]);
});
