import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { toListItem, toRecordingReply } from "../../../src/sandbox/recording-reply.ts";
import { STORED_RECORDING } from "./stored-recording.ts";

async function loadSample(name: string): Promise<string> {
  const sample = await readFile(new URL(`../../../fixtures/vendor/${name}.json`, import.meta.url), "utf8");
  return sample.replaceAll("rec_abc123", STORED_RECORDING.recordingId);
}

it("describes a completed recording as the page does", async () => {
  expect(toRecordingReply(STORED_RECORDING)).toEqual(JSON.parse(await loadSample("recording")));
});

it("describes a row of a list as the page does", async () => {
  expect(toListItem(STORED_RECORDING)).toEqual(JSON.parse(await loadSample("recording-list")).data[0]);
});

it("tells of a recording under way only what is known", () => {
  const { end: _end, file: _file, ...begun } = STORED_RECORDING;
  expect(JSON.parse(JSON.stringify(toRecordingReply({ ...begun, status: "recording" })))).toEqual({
    recording_id: STORED_RECORDING.recordingId,
    call_id: "call_xyz789",
    status: "recording",
    created_at: "2024-01-15T10:30:05Z",
  });
});
