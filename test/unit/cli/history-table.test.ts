import { expect, test } from "vitest";
import { toRecordingJson, toRecordingLines, toRunJson, toRunLines } from "../../../src/cli/history-table.ts";
import { parseRecordingId } from "../../../src/core/recording-id.ts";
import type { RecordingHistory, RunFinding, VerifyRun } from "../../../src/core/verification.ts";

const at = (text: string) => Date.parse(text);
const NOW_MS = at("2027-01-02T12:00:00Z");
const RECORDING_ID = parseRecordingId("rec_1");

const FINDING: RunFinding = {
  ...{ runId: "run_7", recordingId: RECORDING_ID, foundAtMs: at("2026-11-22T01:02:03Z") },
  finding: { kind: "digest-mismatch", subject: "./archive/a.mp3", message: "other bytes", detail: { found: "ff" } },
};

const HISTORY: RecordingHistory = {
  ...{ recordingId: RECORDING_ID, storedAtMs: at("2024-01-16T00:00:00Z"), status: "damaged", checks: 14 },
  lastCheckedAtMs: {
    ...{ presence: at("2027-01-01T00:00:00Z"), digest: at("2026-11-22T00:00:00Z") },
    ...{ structure: undefined, deep: undefined },
  },
  ...{ lastRunId: "run_9", findings: [FINDING] },
};

const RUN: VerifyRun = {
  ...{ runId: "run_7", level: "digest", startedAtMs: at("2026-11-22T01:00:00Z"), request: "everything" },
  toolVersion: "0.1.0",
  ended: {
    ...{ finishedAtMs: at("2026-11-22T02:00:00Z"), outcome: "findings", done: 1200, findings: 1, failed: 0 },
    bytes: 5_000_000,
  },
};

test("a recording's history says when it was looked at how closely, and all that was found", () => {
  expect(toRecordingLines(HISTORY, NOW_MS)).toEqual([
    "rec_1: stored 2024-01-16",
    "last looked at, so closely or closer: presence 2027-01-01 (1 day ago), digest 2026-11-22 (41 days ago), structure never, deep never",
    "checked 14 times, last: damaged, run run_9",
    "found 2026-11-22T01:02:03.000Z digest-mismatch: ./archive/a.mp3: other bytes (run run_7)",
  ]);
});

test("one that was never looked at says so", () => {
  const never = { ...HISTORY, checks: 0, status: undefined, lastRunId: undefined, findings: [] };
  expect(toRecordingLines(never, NOW_MS).at(-1)).toBe("never checked");
  expect(toRecordingJson(never)).toMatchObject({ status: null, lastRunId: null, checks: 0, findings: [] });
});

test("in JSON, instants are as in every report", () => {
  expect(toRecordingJson(HISTORY)).toEqual({
    ...{ subject: "rec_1", recordingId: "rec_1", status: "damaged", checks: 14, lastRunId: "run_9" },
    storedAt: "2024-01-16T00:00:00.000Z",
    lastCheckedAt: {
      ...{ presence: "2027-01-01T00:00:00.000Z", digest: "2026-11-22T00:00:00.000Z", structure: null, deep: null },
    },
    findings: [{ runId: "run_7", recordingId: "rec_1", foundAt: "2026-11-22T01:02:03.000Z", ...FINDING.finding }],
  });
});

test("a run says what it was asked, how it ended and what it found", () => {
  expect(toRunLines({ run: RUN, findings: [FINDING] })).toEqual([
    "run run_7: level digest, everything, holdfast 0.1.0",
    "began 2026-11-22T01:00:00.000Z, ended 2026-11-22T02:00:00.000Z: findings; 1,200 looked at, 5.0 MB read, 1 finding, 0 failed",
    "found 2026-11-22T01:02:03.000Z digest-mismatch: ./archive/a.mp3: other bytes (rec_1)",
  ]);
  expect(toRunJson({ run: RUN, findings: [] })).toEqual({
    ...{ subject: "run_7", runId: "run_7", status: "findings", level: "digest", request: "everything" },
    ...{ toolVersion: "0.1.0", startedAt: "2026-11-22T01:00:00.000Z", finishedAt: "2026-11-22T02:00:00.000Z" },
    ...{ counts: { done: 1200, failed: 0, findings: 1, bytes: 5_000_000 }, findings: [] },
  });
});

test("a run without an end shows", () => {
  const killed = { run: { ...RUN, ended: undefined }, findings: [] };
  expect(toRunLines(killed)[1]).toMatch(/not ended: it was killed, or is at work still$/);
  expect(toRunJson(killed)).toMatchObject({ status: "unfinished", finishedAt: null, counts: null });
});
