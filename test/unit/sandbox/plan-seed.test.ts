import { describe, expect, it } from "vitest";
import { planSeed, type SeedPlan } from "../../../src/sandbox/plan-seed.ts";
import { SandboxFolder } from "../../../src/sandbox/sandbox-folder.ts";
import { SandboxStore } from "../../../src/sandbox/sandbox-store.ts";

const NOW_MS = Date.parse("2026-03-01T12:00:00Z");
const DAY_MS = 86_400_000;

function plan(seed: number, seedCalls: number): SeedPlan {
  const store = SandboxStore.create(new SandboxFolder("unused"), { seed, seedCalls });
  return planSeed(store, { seed, seedCalls, nowMs: NOW_MS });
}

function lengthsOf({ recordings }: SeedPlan): number[] {
  return recordings.map(({ recording }) => recording.end.durationSeconds);
}

describe("planSeed", () => {
  it("makes the same plan from the same seed only", () => {
    expect(plan(1, 24)).toEqual(plan(1, 24));
    expect(plan(1, 24)).not.toEqual(plan(2, 24));
  });

  it("spreads 24 calls from 10 s to 5 min, about half an hour together", () => {
    const lengths = lengthsOf(plan(7, 24));
    const total = lengths.reduce((sum, length) => sum + length, 0);
    expect(Math.min(...lengths)).toBe(10);
    expect(Math.max(...lengths)).toBe(300);
    expect(total).toBeGreaterThanOrEqual(1500);
    expect(total).toBeLessThanOrEqual(1900);
  });

  it("plans a single short call, and none", () => {
    expect(lengthsOf(plan(7, 1))).toEqual([10]);
    expect(plan(7, 0)).toEqual({ calls: [], recordings: [] });
  });

  it("shares the formats out equally and offers only what the profiles allow", () => {
    const recordings = plan(3, 24).recordings.map(({ recording }) => recording);
    for (const format of ["mp3", "wav", "opus"]) {
      expect(recordings.filter((recording) => recording.format === format)).toHaveLength(8);
    }
    expect(new Set(recordings.map(({ channels }) => channels))).toEqual(new Set([1, 2]));
    expect(recordings.filter(({ channels, participant }) => channels === 2 && participant !== "all")).toEqual([]);
  });

  it("lets every recording end in the last 20 days, in whole seconds, each with its own id", () => {
    const { recordings } = plan(5, 24);
    for (const { recording, completedAtMs } of recordings) {
      expect(recording.end.stoppedAtMs - recording.startedAtMs).toBe(recording.end.durationSeconds * 1000);
      expect(recording.end.stoppedAtMs).toBeGreaterThan(NOW_MS - 20.1 * DAY_MS);
      expect(completedAtMs).toBeLessThanOrEqual(NOW_MS);
      expect(completedAtMs % 1000).toBe(0);
    }
    expect(new Set(recordings.map(({ recording }) => recording.recordingId)).size).toBe(24);
  });
});
