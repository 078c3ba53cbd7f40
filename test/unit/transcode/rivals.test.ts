import { execFileSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ConversionRecord } from "../../../src/transcode/schema.ts";
import { convertFiles } from "../../helpers/convert-files.ts";
import { openFakeFfmpeg } from "../../helpers/fake-ffmpeg.ts";
import { listTree, withRecords } from "../../helpers/list-tree.ts";
import { makeWav, tone } from "../../helpers/make-wav.ts";
import { EMBEDDED } from "../../helpers/real-ffmpegs.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

test("two runs at once over one folder: each output once, each with its record", async () => {
  const folder = await makeTemporaryFolder();
  const names = Array.from({ length: 8 }, (_, index) => `${index}`);
  const inputs = names.map((name) => join(folder, `${name}.wav`));
  for (const [index, input] of inputs.entries()) await writeFile(input, makeWav([tone(8000, 30 + index)]));
  const request = { outFolder: join(folder, "o"), formats: ["mp3"] } as const;
  const runs = await Promise.all([convertFiles(inputs, request), convertFiles(inputs, request)]);
  expect(runs.reduce((sum, { counts }) => sum + counts.done, 0)).toBe(inputs.length);
  expect(await listTree(request.outFolder)).toEqual(withRecords(...names.map((name) => `${name}.mp3`)));
  expect((await convertFiles(inputs, request)).counts).toMatchObject({ skipped: inputs.length, failed: 0 });
});

test("a source that is changed between being judged and being converted gives nothing", async () => {
  const folder = await makeTemporaryFolder();
  const [input, other, outFolder] = [join(folder, "a.wav"), join(folder, "other.wav"), join(folder, "o")];
  await writeFile(input, makeWav([tone(8000, 40)]));
  await writeFile(other, makeWav([tone(8000, 17)]));
  // Of the same length: neither format nor sample count can tell them apart.
  const { ffmpeg } = await openFakeFfmpeg(`cat "${other}" > "${input}"; exec ${EMBEDDED.path} "$@"`);
  const report = await convertFiles([input], { ffmpeg, outFolder, formats: ["mp3"] });
  expect(report.failures).toMatchObject([{ code: "MEDIA_SOURCE_CHANGED" }]);
  expect(await listTree(outFolder)).toEqual([]);
});

test("what stands where an output belongs is not replaced if it is what the source was made from", async () => {
  const folder = await makeTemporaryFolder();
  const original = makeWav([tone(20_000, 40)]);
  await writeFile(join(folder, "a.wav"), original);
  await convertFiles([join(folder, "a.wav")], { outFolder: folder, formats: ["mp3"] });
  const request = { outFolder: folder, formats: ["wav"], onConflict: "replace" } as const;
  const back = await convertFiles([join(folder, "a.mp3")], request);
  expect(back.failures).toMatchObject([{ code: "MEDIA_OUTPUT_EXISTS", message: expect.stringMatching(/a source is/) }]);
  expect((await readFile(join(folder, "a.wav"))).equals(original)).toBe(true);
});

test("a file that took an output's place is a source like any other, whatever the record beside it says", async () => {
  const folder = await makeTemporaryFolder();
  const [wav, mp3] = [join(folder, "a.wav"), join(folder, "a.mp3")];
  await writeFile(wav, makeWav([tone(20_000, 40)]));
  await convertFiles([wav], { outFolder: folder, formats: ["mp3"] });
  execFileSync(EMBEDDED.path, ["-v", "error", "-y", "-f", "lavfi", "-i", "sine=500:d=1", "-c:a", "libmp3lame", mp3]);
  const before = await readFile(mp3);
  const request = { outFolder: folder, formats: ["mp3"], onConflict: "replace" } as const;
  const report = await convertFiles([wav, mp3], request);
  expect(report.failures[0]).toMatchObject({ code: "MEDIA_OUTPUT_EXISTS" });
  expect((await readFile(mp3)).equals(before)).toBe(true);
});

test("a record is written anew with the output that replaces another", async () => {
  const folder = await makeTemporaryFolder();
  const [input, outFolder] = [join(folder, "a.wav"), join(folder, "o")];
  await writeFile(input, makeWav([tone(20_000, 40)]));
  await mkdir(outFolder);
  await writeFile(join(outFolder, "a.mp3"), "somebody's");
  const request = { outFolder, formats: ["mp3"] } as const;
  expect((await convertFiles([input], request)).failures).toMatchObject([{ code: "MEDIA_OUTPUT_EXISTS" }]);
  expect(await listTree(outFolder)).toEqual(["a.mp3"]);
  expect((await convertFiles([input], { ...request, onConflict: "replace" })).results).toMatchObject([
    { status: "encoded" },
  ]);
  const record = JSON.parse(await readFile(join(outFolder, "a.mp3.holdfast.json"), "utf8"));
  expect(ConversionRecord.parse(record).output.file).toBe("a.mp3");
});
