import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { parseRecordingId } from "../../../../src/core/recording-id.ts";
import { findContradictions } from "../../../../src/fixity/holdings/sidecar-contradictions.ts";
import type { Look } from "../../../../src/fixity/look/look.ts";
import { openTestArchive } from "../../../helpers/open-test-archive.ts";
import { storeCall } from "../../../helpers/store-call.ts";
import { makeTemporaryFolder } from "../../../helpers/temporary-folder.ts";

test("a catalogue that was changed in what recordings are selected and held by contradicts the sidecar", async () => {
  const archive = await openTestArchive(await makeTemporaryFolder());
  const vendor = { from: "+49301", to: "+49302", direction: "inbound" } as const;
  const { key } = await storeCall(archive, "rec_1", { vendor });
  const recording = await archive.catalogued(parseRecordingId("rec_1"));
  if (recording === undefined) throw new Error("it was stored just now");
  const text = await readFile(archive.toPath(key), "utf8");
  const looks = recording.files.map(({ sha256, sizeBytes }): Look => {
    const trace = { sizeBytes, inode: "1", modifiedNs: "1" };
    return { kind: "regular", trace, digests: [sha256], text };
  });
  const find = (changes: Partial<typeof recording>) =>
    findContradictions(archive, { ...recording, ...changes }, looks).map(({ message }) => message);
  expect(find({})).toEqual([]);
  expect(find({ call: undefined })).toEqual([]);
  expect(find({ callId: "call_other" })).toEqual([expect.stringContaining("differ in the call's id")]);
  expect(find({ createdAtMs: 0 })).toEqual([expect.stringContaining("differ in the time of creation")]);
  expect(find({ call: { ...vendor, from: "+1" } })).toEqual([expect.stringContaining("differ in who called whom")]);
});
