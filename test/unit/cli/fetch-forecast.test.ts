import { describe, expect, test } from "vitest";
import type { LocatedSidecar } from "../../../src/archive/sidecar.ts";
import { toForecast } from "../../../src/cli/fetch-forecast.ts";
import { parseRecordingId } from "../../../src/core/recording-id.ts";
import { toStorageKey } from "../../../src/core/storage-key.ts";
import type { FetchAction, FetchItem } from "../../../src/ingest/fetch-plan.ts";
import { makeSidecar, readFixture } from "../../helpers/store-recording.ts";

const bytes = await readFixture("mp3-32k-8000.mp3");
const located: LocatedSidecar = { key: toStorageKey("rec_1.json"), sidecar: await makeSidecar("rec_1", bytes) };

function item(action: FetchAction, sizeBytes: number | undefined): FetchItem {
  const remote = {
    recordingId: parseRecordingId("rec_1"),
    callId: "call_1",
    status: "completed" as const,
    createdAtMs: 0,
    completedAtMs: undefined,
    durationSeconds: undefined,
    sizeBytes,
    format: undefined,
    bitrateKbps: undefined,
    sampleRateHz: undefined,
    channels: undefined,
    sha256: undefined,
    ...{ from: undefined, to: undefined, direction: undefined },
  };
  return { remote, promises: { subject: "rec_1", digests: [], sizeBytes }, action };
}

const download = (sizeBytes: number | undefined, heldBytes = 0) =>
  item({ type: "download", heldBytes, recordedSha256: undefined }, sizeBytes);
const THERE = item({ type: "none", reason: "already-there", located }, 1e9);

describe("what a fetch is about to bring", () => {
  test.each<[string, FetchItem[]]>([
    ["0 recordings of 0 to download, 0 B", []],
    ["0 recordings of 1 to download, 0 B", [THERE]],
    ["1 recording of 2 to download, 2.0 MB", [THERE, download(2_000_000)]],
    [
      "2 recordings of 2 to download, 3.0 MB",
      [download(1_000_000), item({ type: "restore", located, heldBytes: 0 }, 2_000_000)],
    ],
    ["2 recordings of 2 to download, 1.0 kB, 1 of unknown size", [download(1000), download(undefined)]],
    ["1 recording of 1 to download, 5.0 kB, 4.0 kB of it held from an earlier run", [download(5000, 4000)]],
  ])("%s", (text, items) => {
    expect(toForecast({ items, findings: [], failures: [] })).toBe(text);
  });
});
