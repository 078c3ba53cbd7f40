import { describe, expect, test } from "vitest";
import { Derivative } from "../../../src/archive/schema.ts";

const SHA256 = "ab".repeat(32);

/** What `convert` writes of one file that it made. */
const MADE = {
  file: "rec_1.mp3-64k-16000.mp3",
  sizeBytes: 8000,
  sha256: SHA256,
  packetSha256: SHA256,
  format: "mp3",
  structure: {
    container: "mp3",
    codec: "mp3",
    sampleRateHz: 16000,
    channels: 1,
    frames: 28,
    samples: 16000,
    samplesRateHz: 16000,
    samplesExact: true,
    durationSeconds: 1,
    declaredDurationSeconds: 1,
    packetBytes: 8000,
    bitrateKbps: 64,
    complete: true,
    defects: [],
    remarks: [],
  },
  profile: "mp3-64k-16000",
  settings: {
    bitrateKbps: 64,
    bitrateMode: "cbr",
    sampleRateHz: 16000,
    channels: 1,
    effort: "default",
    participant: "all",
  },
  source: { sha256: SHA256, packetSha256: null },
  ffmpeg: { path: "/usr/bin/ffmpeg", version: "5.1", sha256: SHA256 },
  arguments: ["-i", "file:/in"],
  elapsedMs: 80,
  outputsInRun: 3,
  check: "structure",
  remarks: ["made from mp3: lossy to lossy"],
  madeAt: "2026-03-01T12:00:00.000Z",
  tool: { name: "holdfast", version: "0.1.0" },
};

test("what was made is read as it was written", () => {
  expect(Derivative.parse(MADE)).toEqual(MADE);
});

test("what was copied names no ffmpeg, and one party alone the caller's channel", () => {
  const settings = { ...MADE.settings, participant: "caller", callerChannel: "left" };
  const copied = { ...MADE, ffmpeg: null, arguments: [], outputsInRun: 0, settings };
  expect(Derivative.parse(copied)).toEqual(copied);
});

describe("what nobody wrote is not believed", () => {
  test.each([
    ["a name that leads out of the folder", { file: "../x.mp3" }],
    ["a name that is the folder", { file: ".." }],
    ["a name that no system has", { file: "x\0.mp3" }],
    ["a profile that is none", { profile: "mp3" }],
    ["a profile that is a path", { profile: "x/../../mp3-64k-16000" }],
    ["a digest that is none", { sha256: "abc" }],
    ["three channels", { settings: { ...MADE.settings, channels: 3 } }],
    ["an effort that is none", { settings: { ...MADE.settings, effort: "most" } }],
    ["a party that is none", { settings: { ...MADE.settings, participant: "agent" } }],
    ["no settings", { settings: undefined }],
    ["no ffmpeg and no word of it", { ffmpeg: undefined }],
    ["half an output", { outputsInRun: 0.5 }],
    ["remarks that are no text", { remarks: [1] }],
    ["more than the form has", { command: "rm" }],
    ["another tool", { tool: { name: "sox", version: "1" } }],
  ])("%s", (_, change) => {
    expect(Derivative.safeParse({ ...MADE, ...change }).success).toBe(false);
  });
});
