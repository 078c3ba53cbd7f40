import { resolve } from "node:path";
import { expect, test } from "vitest";
import { toDecodeRuns } from "../../../../src/fixity/deep/decode-runs.ts";
import type { Decodable } from "../../../../src/fixity/deep/decoding.ts";
import { toDecodeRequest } from "../../../helpers/to-decode-request.ts";

const FIXTURES = resolve(import.meta.dirname, "../../../../fixtures/audio");

async function toDecodable(name: string, seconds?: number): Promise<Decodable> {
  const { path, trace, identity } = await toDecodeRequest(resolve(FIXTURES, name));
  const { structure } = identity;
  if (structure === undefined) throw new Error(`no recording: ${name}`);
  const durationSeconds = seconds ?? structure.durationSeconds;
  return { path, trace, structure: { ...structure, durationSeconds } };
}

test("short recordings go sixteen to a run, in their order", async () => {
  const sound = await toDecodable("ok/mp3-32k-8000.mp3");
  const many = Array.from({ length: 40 }, () => ({ ...sound }));
  const runs = toDecodeRuns(many);
  expect(runs.map(({ length }) => length)).toEqual([16, 16, 8]);
  expect(runs.flat()).toEqual(many);
});

test("a run that is long enough gets no more", async () => {
  const hour = await toDecodable("ok/mp3-32k-8000.mp3", 3600);
  const short = await toDecodable("ok/mp3-32k-8000.mp3", 700);
  expect(toDecodeRuns([hour, hour, short, short, short]).map(({ length }) => length)).toEqual([1, 1, 2, 1]);
});

test("what is likely to make ffmpeg complain, or has to be copied first, goes alone", async () => {
  const sound = await toDecodable("ok/mp3-32k-8000.mp3");
  const cut = await toDecodable("damaged/cut.mp3");
  const around = await toDecodable("damaged/leading-garbage.mp3");
  const joined = { ...sound, structure: { ...sound.structure, links: 2 } };
  const runs = toDecodeRuns([sound, cut, sound, around, joined, sound]);
  expect(runs).toEqual([[sound, sound, sound], [cut], [around], [joined]]);
});

test("nothing needs no run", () => {
  expect(toDecodeRuns([])).toEqual([]);
});
