import { expect, test } from "vitest";
import type { Finding } from "../../../src/core/finding.ts";
import type { Failure, RunReport } from "../../../src/core/report.ts";
import { LIST_OF_RECORDINGS } from "../../../src/ingest/fetch-plan.ts";
import type { FetchResult } from "../../../src/ingest/fetch-run.ts";
import { WatchLog } from "../../../src/ingest/watch-log.ts";
import { VendorUnauthorizedError } from "../../../src/vendor/errors.ts";
import { TEST_CLOCK } from "../../helpers/open-test-archive.ts";

interface Round {
  readonly results?: readonly (readonly [string, FetchResult["status"]])[];
  readonly failures?: readonly string[];
  readonly findings?: readonly string[];
  readonly bytes?: number;
}

function toReport({ results = [], failures = [], findings = [], bytes = 0 }: Round): RunReport<FetchResult> {
  const instant = "2026-03-01T12:00:00.000Z";
  return {
    startedAt: instant,
    finishedAt: instant,
    outcome: "ok",
    counts: { planned: 0, done: 0, skipped: 0, failed: 0, findings: 0, bytes },
    results: results.map(([recordingId, status]) => toResult(recordingId, status)),
    failures: failures.map(toFailureOf),
    findings: findings.map(toFinding),
  };
}

function toResult(recordingId: string, status: FetchResult["status"]): FetchResult {
  return { recordingId, callId: "call_1", status, attempts: 1, resumedFromByte: 0 };
}

function toFailureOf(subject: string): Failure {
  return { subject, code: "VENDOR_UNAVAILABLE", message: "away", retryable: true };
}

function toFinding(subject: string): Finding {
  return { kind: "digest-mismatch", subject, message: "differs", detail: {} };
}

function gather(...rounds: readonly Round[]): WatchLog {
  const log = new WatchLog(TEST_CLOCK);
  for (const round of rounds) log.add(toReport(round));
  return log;
}

test("of each recording the last word counts, but what was fetched stays so", () => {
  const log = gather(
    { results: [["a", "fetched"], ["b", "failed"], ["c", "skipped"]], failures: ["b"], bytes: 5 }, // biome-ignore format: one round a line
    { results: [["a", "already"], ["b", "fetched"], ["c", "failed"]], failures: ["c"], bytes: 7 }, // biome-ignore format: one round a line
  );
  const { results, failures, counts } = log.toReport("cancelled");
  expect(results.map(({ recordingId, status }) => [recordingId, status])).toEqual([
    ["a", "fetched"],
    ["b", "fetched"],
    ["c", "failed"],
  ]);
  expect(failures.map(({ subject }) => subject)).toEqual(["c"]);
  expect(counts).toEqual({ planned: 3, done: 2, skipped: 0, failed: 1, findings: 0, bytes: 12 });
});

test("what failed without a result counts, once for each subject", () => {
  const log = gather({ failures: ["events:1", "a"] }, { failures: ["a"] });
  expect(log.toReport("cancelled").counts).toMatchObject({ planned: 2, done: 0, failed: 2 });
});

test("the same finding of several rounds is one", () => {
  const log = gather({ findings: ["a", "b"] }, { findings: ["a"] });
  const { counts, findings, outcome } = log.toReport("stopped");
  expect([counts.findings, findings.map(({ subject }) => subject), outcome]).toEqual([2, ["a", "b"], "findings"]);
});

test("a list that was incomplete once is no failure any more when it was forgotten", () => {
  const log = gather({ failures: [LIST_OF_RECORDINGS, "a"] });
  log.forget(LIST_OF_RECORDINGS);
  log.add(toReport({ results: [["a", "fetched"]] }));
  expect(log.toReport("cancelled")).toMatchObject({ failures: [], counts: { planned: 1, done: 1, failed: 0 } });
});

test("what no round told of is in the report", () => {
  const log = gather({ results: [["a", "fetched"]] });
  const error = new VendorUnauthorizedError("list of recordings", 401);
  log.tell({ failures: [{ subject: "watch", error }], findings: [] });
  expect(log.toReport("stopped")).toMatchObject({
    outcome: "failed",
    counts: { planned: 2, done: 1, failed: 1 },
    failures: [{ subject: "watch", code: "VENDOR_UNAUTHORIZED" }],
  });
  const bug = new Error("internal error");
  expect(() => log.tell({ failures: [{ subject: "watch", error: bug }], findings: [] })).toThrow(bug);
});
