import { expect, test } from "vitest";
import { toSidecarKey } from "../../../src/archive/archive-key.ts";
import type { Derivative } from "../../../src/archive/schema.ts";
import { toCatalogueRecording, toPlace } from "../../../src/archive/sidecar.ts";
import { makeSidecar, readFixture } from "../../helpers/store-recording.ts";

test("a recording counts as stored when its original was fetched or, later, its newest derivative made", async () => {
  const sidecar = await makeSidecar("rec_1", await readFixture("mp3-32k-8000.mp3"));
  const storedAtMs = (derivatives: readonly Derivative[]) => {
    const located = { key: toSidecarKey(toPlace(sidecar)), sidecar: { ...sidecar, derivatives: [...derivatives] } };
    return toCatalogueRecording(located, "{}").storedAtMs;
  };
  const madeAt = (instant: string): Derivative => ({
    ...{ ...sidecar.original, profile: "wav", source: { sha256: sidecar.original.sha256, packetSha256: null } },
    settings: {
      bitrateKbps: 0,
      bitrateMode: "cbr",
      sampleRateHz: 8000,
      channels: 1,
      effort: "default",
      participant: "all",
    },
    ...{ ffmpeg: null, arguments: [], elapsedMs: 1, outputsInRun: 1, check: "structure", remarks: [] },
    ...{ madeAt: instant, tool: { name: "holdfast", version: "0.1.0" } },
  });
  expect(storedAtMs([])).toBe(Date.parse("2024-01-16T00:00:00Z"));
  const made = [madeAt("2024-02-03T00:00:00Z"), madeAt("2024-02-04T00:00:00+02:00"), madeAt("2024-02-01T00:00:00Z")];
  expect(storedAtMs(made)).toBe(Date.parse("2024-02-03T22:00:00Z"));
});
