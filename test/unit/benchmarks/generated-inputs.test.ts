import { describe, expect, it } from "vitest";
import { planCalls } from "../../../benchmarks/harness/compose-calls.ts";
import { generateRecordings, toExpectedFiles } from "../../../benchmarks/harness/generated-recordings.ts";
import { Identifier } from "../../../src/audio/identify.ts";

describe("generateRecordings", () => {
  const recordings = generateRecordings({ count: 3, secondsEach: 2 });

  it("makes whole WAV files of the promised size and length", () => {
    for (const { parts, sizeBytes, durationSeconds } of recordings) {
      const identifier = new Identifier();
      for (const part of parts) identifier.push(part);
      const { structure, ...identity } = identifier.end();
      expect(identity.content.kind).toBe("wav");
      expect(identity.sizeBytes).toBe(sizeBytes);
      expect(structure).toMatchObject({ complete: true, durationSeconds, channels: 1, defects: [] });
    }
  });

  it("makes different bytes for each, and the same in every run", () => {
    const digests = [...toExpectedFiles(recordings).values()];
    expect(new Set(digests).size).toBe(3);
    expect([...toExpectedFiles(generateRecordings({ count: 3, secondsEach: 2 })).values()]).toEqual(digests);
  });

  it("gives each an id and a time of its own", () => {
    expect(new Set(recordings.map(({ recordingId }) => recordingId)).size).toBe(3);
    expect(recordings.map(({ createdAt }) => createdAt)).toEqual([
      "2024-01-01T09:00:00Z",
      "2024-01-01T09:14:00Z",
      "2024-01-01T09:28:00Z",
    ]);
  });
});

describe("planCalls", () => {
  const calls = planCalls({ count: 60, shortestSeconds: 5, longestSeconds: 45 });

  it("holds the shortest and the longest, and more short ones than long ones", () => {
    const lengths = calls.map(({ seconds }) => seconds).toSorted((one, other) => one - other);
    expect([lengths[0], lengths.at(-1)]).toEqual([5, 45]);
    expect(lengths.filter((seconds) => seconds < 25).length).toBeGreaterThan(30);
  });

  it("gives every call another name and every format its share", () => {
    expect(new Set(calls.map(({ fileName }) => fileName)).size).toBe(60);
    for (const extension of [".wav", ".mp3", ".opus"]) {
      expect(calls.filter(({ fileName }) => fileName.endsWith(extension))).toHaveLength(20);
    }
  });
});
