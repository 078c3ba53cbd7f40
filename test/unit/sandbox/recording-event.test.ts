import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import {
  type RecordingEvent,
  toCompletedEvent,
  toFailedEvent,
  toStartedEvent,
  toStoppedEvent,
} from "../../../src/sandbox/recording-event.ts";
import { STORED_RECORDING } from "./stored-recording.ts";

const BASE_URL = "https://api.audian.com:8443/v2";

async function loadSample(name: string): Promise<unknown> {
  const sample = await readFile(new URL(`../../../fixtures/vendor/webhook-${name}.json`, import.meta.url), "utf8");
  return JSON.parse(sample.replaceAll("rec_abc123", STORED_RECORDING.recordingId));
}

function toBody({ event, data }: RecordingEvent): unknown {
  return { event, data };
}

describe("the four webhooks say what the page's samples say", () => {
  it("started", async () => {
    expect(toBody(toStartedEvent(STORED_RECORDING))).toEqual(await loadSample("started"));
  });

  it("stopped", async () => {
    expect(toBody(toStoppedEvent(STORED_RECORDING))).toEqual(await loadSample("stopped"));
  });

  it("completed, with a whole digest", async () => {
    const { file } = STORED_RECORDING;
    const withSampleDigest = { ...STORED_RECORDING, file: { ...file, sha256: "abcdef0123456789" } };
    expect(toBody(toCompletedEvent(withSampleDigest, BASE_URL))).toEqual(await loadSample("completed"));
  });

  it("failed", async () => {
    const failure = { atMs: STORED_RECORDING.file.completedAtMs, reason: "storage_error" };
    expect(toBody(toFailedEvent(STORED_RECORDING, failure))).toEqual(await loadSample("failed"));
  });
});
