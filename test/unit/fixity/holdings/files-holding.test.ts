import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { openFilesHolding } from "../../../../src/fixity/holdings/files-holding.ts";
import { listExpected, toKinds } from "../../../helpers/holding-view.ts";
import { runHoldfast } from "../../../helpers/run-holdfast.ts";
import { makeTemporaryFolder } from "../../../helpers/temporary-folder.ts";

const SOURCE = join(import.meta.dirname, "../../../../fixtures/audio/ok/wav-128k-8000.wav");

let folder: string;
const at = (name: string) => join(folder, name);

beforeEach(async () => {
  folder = await makeTemporaryFolder();
  await copyFile(SOURCE, at("call.wav"));
});

it("expects of a converted file what its record says", async () => {
  const { code } = await runHoldfast(["convert", "--to", "mp3", "call.wav", "--out", "."], { cwd: folder });
  expect(code).toBe(0);
  const output = at("call.mp3");
  const record = JSON.parse(await readFile(`${output}.holdfast.json`, "utf8"));
  const holding = await openFilesHolding([output]);
  const { sizeBytes, sha256: hex, packetSha256 } = record.output;
  expect(await listExpected(holding)).toEqual([
    { path: output, sizeBytes, digests: [{ algorithm: "sha256", hex }], isUnrecorded: false },
  ]);
  expect(holding).toMatchObject({ findings: [], remarks: [], location: output });
  for await (const unit of holding.units()) {
    expect((await holding.loadAudio?.(unit))?.get(output)).toMatchObject({ sha256: hex, packetSha256 });
  }
});

it("expects nothing of a file without a record but that it is there, and says so", async () => {
  const holding = await openFilesHolding([at("call.wav"), at("none.wav"), at("call.wav")]);
  expect(await listExpected(holding)).toEqual([
    { path: at("call.wav"), sizeBytes: undefined, digests: [], isUnrecorded: true },
    { path: at("none.wav"), sizeBytes: undefined, digests: [], isUnrecorded: true },
  ]);
  expect(holding.remarks).toEqual(["of 2 of 2 files nothing is recorded: they were judged by themselves"]);
});

it("tells of a record that cannot be read", async () => {
  await writeFile(at("call.wav.holdfast.json"), '{"output":{}}');
  const holding = await openFilesHolding([at("call.wav")]);
  expect(toKinds(holding)).toEqual([["manifest-invalid", at("call.wav.holdfast.json")]]);
  expect(await listExpected(holding)).toMatchObject([{ digests: [] }]);
});

it("cannot be reached when none of the folders is there", async () => {
  const holding = await openFilesHolding([at("call.wav")]);
  expect(await holding.isReachable()).toBe(true);
  await rm(folder, { recursive: true });
  expect(await holding.isReachable()).toBe(false);
});
