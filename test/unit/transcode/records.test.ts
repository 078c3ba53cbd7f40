import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CONVERSION_SCHEMA, ConversionRecord } from "../../../src/transcode/schema.ts";
import { type ConvertFilesRequest, convertFiles } from "../../helpers/convert-files.ts";
import { listTree, withRecords } from "../../helpers/list-tree.ts";
import { makeWav, tone } from "../../helpers/make-wav.ts";
import { EMBEDDED } from "../../helpers/real-ffmpegs.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const STEREO = makeWav([tone(20_000, 40), tone(20_000, 17)]);

/** A recording, converted to MP3 once. */
async function convertOnce(request: Partial<ConvertFilesRequest> = {}) {
  const folder = await makeTemporaryFolder();
  const [input, outFolder] = [join(folder, "in/x.wav"), join(folder, "out")];
  await mkdir(join(folder, "in"));
  await writeFile(input, STEREO);
  const again = (more: Partial<ConvertFilesRequest> = {}) =>
    convertFiles([input], { outFolder, formats: ["mp3"], ...request, ...more });
  const report = await again();
  const [output, record] = [join(outFolder, "x.mp3"), join(outFolder, "x.mp3.holdfast.json")];
  return { input, outFolder, output, record, report, again };
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

test("a record says all that is needed to make its output again", async () => {
  const request = { choice: { participant: "callee", effort: "best" }, callerChannel: "left" } as const;
  const { input, output, record } = await convertOnce(request);
  const { schema, source, output: made } = ConversionRecord.parse(JSON.parse(await readFile(record, "utf8")));
  expect([schema, source]).toEqual([CONVERSION_SCHEMA, { path: "../in/x.wav", sizeBytes: STEREO.length }]);
  expect(made).toMatchObject({
    file: "x.mp3",
    profile: "mp3-64k-16000-callee-best",
    settings: {
      bitrateKbps: 64,
      sampleRateHz: 16000,
      channels: 1,
      participant: "callee",
      callerChannel: "left",
      effort: "best",
    },
    sha256: sha256(await readFile(output)),
    source: { sha256: sha256(STEREO), packetSha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ffmpeg: { path: EMBEDDED.path, version: EMBEDDED.version, sha256: EMBEDDED.sha256 },
    outputsInRun: 1,
    madeAt: "2026-03-01T12:00:00.000Z",
    tool: { name: "holdfast", version: expect.stringMatching(/^\d+\.\d+\.\d+/) },
  });
  expect(made.arguments).toEqual(expect.arrayContaining([`file:${input}`, `file:${output}`]));
  expect(made.arguments.join(" ")).toContain("-af pan=mono|c0=c1,");
});

test("for others a record names files from its own folder on, and ffmpeg makes the very bytes there", async () => {
  const { outFolder, output, record } = await convertOnce({ isForOthers: true });
  const text = await readFile(record, "utf8");
  const { output: made } = ConversionRecord.parse(JSON.parse(text));
  expect(text).not.toMatch(/"(?:file:)?\//);
  expect(made.arguments).toEqual(expect.arrayContaining(["file:../in/x.wav", "file:x.mp3"]));
  const before = await readFile(output);
  await rm(output);
  execFileSync(EMBEDDED.path, ["-v", "error", ...made.arguments], { cwd: outFolder });
  expect(await readFile(output)).toEqual(before);
});

test("the arguments of a record, given to ffmpeg by hand, make the very bytes", async () => {
  const { output, record } = await convertOnce();
  const { output: made } = ConversionRecord.parse(JSON.parse(await readFile(record, "utf8")));
  const before = await readFile(output);
  await rm(output);
  execFileSync(EMBEDDED.path, ["-v", "error", ...made.arguments]);
  expect((await readFile(output)).equals(before)).toBe(true);
});

describe("what stands there counts as made", () => {
  test("if its record says so and its bytes are those", async () => {
    const { again, outFolder } = await convertOnce();
    expect((await again()).results).toMatchObject([{ status: "already", output: { format: "mp3" } }]);
    expect(await listTree(outFolder)).toEqual(withRecords("x.mp3"));
  });

  test.each([
    [
      "the source has changed",
      async ({ input }: Made) => writeFile(input, makeWav([tone(20_000, 41)])),
      /something else/,
    ],
    ["other bytes stand there", async ({ output }: Made) => writeFile(output, "other bytes"), /other bytes/],
  ])("but not if %s", async (_, spoil, why) => {
    const made = await convertOnce();
    await spoil(made);
    const before = await readFile(made.output);
    const report = await made.again();
    expect(report.failures).toMatchObject([{ code: "MEDIA_OUTPUT_EXISTS", message: expect.stringMatching(why) }]);
    expect((await readFile(made.output)).equals(before)).toBe(true);
    expect((await made.again({ onConflict: "replace" })).results).toMatchObject([{ status: "encoded" }]);
    expect((await made.again()).results).toMatchObject([{ status: "already" }]);
  });

  test.each([
    ["no record, as a kill may leave it", async ({ record }: Made) => rm(record)],
    ["a record that is none", async ({ record }: Made) => writeFile(record, "{}")],
  ])("if making it again gives the same bytes, where there is %s", async (_, spoil) => {
    const made = await convertOnce();
    await spoil(made);
    expect((await made.again()).results).toMatchObject([{ status: "already" }]);
    expect(await listTree(made.outFolder)).toEqual(withRecords("x.mp3"));
    expect(JSON.parse(await readFile(made.record, "utf8"))).toMatchObject({ schema: "holdfast.conversion/1" });
  });

  test("but is checked deeply where that is asked for and was not done", async () => {
    const made = await convertOnce();
    const recorded = async () => JSON.parse(await readFile(made.record, "utf8")).output.check;
    expect(await recorded()).toBe("structure");
    expect((await made.again({ check: "deep" })).results).toMatchObject([{ status: "already" }]);
    expect(await recorded()).toBe("deep");
  });

  test("and not if another profile or party is asked for, even where the name is the same", async () => {
    const made = await convertOnce({ choice: { participant: "caller" }, callerChannel: "left" });
    expect((await made.again()).results).toMatchObject([{ status: "already" }]);
    expect((await made.again({ choice: { effort: "fast" } })).results).toMatchObject([{ status: "refused" }]);
    expect((await made.again({ callerChannel: "right" })).results).toMatchObject([{ status: "refused" }]);
    expect((await made.again({ onConflict: "fail" })).results).toMatchObject([{ status: "refused" }]);
  });
});

type Made = Awaited<ReturnType<typeof convertOnce>>;

test("a record without its output, as a crash leaves it, is made anew", async () => {
  const { output, again, outFolder } = await convertOnce();
  await rm(output);
  expect((await again()).results).toMatchObject([{ status: "encoded" }]);
  expect(await listTree(outFolder)).toEqual(withRecords("x.mp3"));
});

test("source and output may move together", async () => {
  const { input, outFolder } = await convertOnce();
  const elsewhere = await makeTemporaryFolder();
  await mkdir(join(elsewhere, "in"));
  await copyFile(input, join(elsewhere, "in/x.wav"));
  await rename(outFolder, join(elsewhere, "out"));
  const request = { outFolder: join(elsewhere, "out"), formats: ["mp3"] } as const;
  expect((await convertFiles([join(elsewhere, "in/x.wav")], request)).results).toMatchObject([{ status: "already" }]);
});
