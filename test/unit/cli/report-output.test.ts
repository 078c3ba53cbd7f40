import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { printReport, printVerification } from "../../../src/cli/report-output.ts";
import { Output } from "../../../src/cli/terminal.ts";
import type { Finding } from "../../../src/core/finding.ts";
import type { LargeReport } from "../../../src/core/report.ts";
import { Spool } from "../../../src/io/spool.ts";
import { OK_REPORT } from "../../helpers/report-table.ts";

/** What a command says on stdout. */
function listen(json: boolean): { readonly output: Output; readonly toText: () => string } {
  let text = "";
  const stdout = new Writable({
    write(chunk, _, done) {
      text += chunk;
      done();
    },
  });
  return {
    output: new Output({ stdout, stderr: stdout }, { json, quiet: true, logFormat: "text" }),
    toText: () => text,
  };
}

const toFinding = (kind: Finding["kind"], subject: string): Finding => ({ kind, subject, message: "odd", detail: {} });

function makeReport(): LargeReport<unknown> {
  const findings = new Spool<Finding>({ heldItems: 5 });
  for (let index = 0; index < 3000; index += 1) findings.push(toFinding("unexpected", `u${index}`));
  findings.push(toFinding("missing", "m"));
  const counts = { ...OK_REPORT.counts, planned: 9, done: 4, findings: findings.length };
  const failures = [{ subject: "f", code: "SIDECAR_INVALID", message: "not JSON", retryable: false }];
  return { ...OK_REPORT, outcome: "findings", ending: "exhausted", counts, findings, failures };
}

const WORDS = { summary: ["1 of 4 files are not what was recorded"], own: { level: "digest" }, isNoted: true };

test("of a verification the worst findings come first, and the summary last", () => {
  const { output, toText } = listen(false);
  printVerification(output, makeReport(), WORDS);
  const lines = toText().trimEnd().split("\n");
  expect(lines.slice(0, 3)).toEqual([
    "failed: f: not JSON (SIDECAR_INVALID)",
    "missing: m: odd",
    "unexpected: u0: odd",
  ]);
  expect(lines.slice(-3)).toEqual([
    "… and 2981 more findings: see --json",
    "1 of 4 files are not what was recorded",
    "stopped by its budget after 4 of 9 files; the next run goes on with the oldest",
  ]);
  expect(lines).toHaveLength(1 + 20 + 3);
});

test("a verification of which nothing is noted does not promise to be gone on with", () => {
  const { output, toText } = listen(false);
  printVerification(
    output,
    { ...makeReport(), ending: "cancelled", outcome: "cancelled" },
    { ...WORDS, isNoted: false },
  );
  expect(toText()).toMatch(/cancelled after 4 of 9; the next run begins anew\n$/);
});

test("a finding is told with its file, though its message has the letters of the file's name in it", () => {
  const { output, toText } = listen(false);
  const moved = { ...toFinding("moved", "b/a.wav"), message: "the recorded bytes stand at sub/a.wav" };
  printVerification(output, { ...makeReport(), findings: [moved], failures: [] }, WORDS);
  expect(toText()).toContain("moved: b/a.wav: the recorded bytes stand at sub/a.wav\n");
});

test("of other runs the summary comes first", () => {
  const { output, toText } = listen(false);
  printReport(output, "fetch", { ...makeReport(), ending: undefined }, ["fetched 4"]);
  expect(toText().split("\n").slice(0, 3)).toEqual([
    ...["fetched 4", "stopped after 4 of 9; the same command goes on where this one ended"],
    "failed: f: not JSON (SIDECAR_INVALID)",
  ]);
});

test("in JSON all findings stand in the order in which they were found, beside what this command states", () => {
  const { output, toText } = listen(true);
  printVerification(output, makeReport(), WORDS);
  const report = JSON.parse(toText());
  expect(report).toMatchObject({ command: "verify", level: "digest", outcome: "findings" });
  expect([report.findings.length, report.findings[0].subject, report.findings.at(-1).subject]).toEqual([
    3001,
    "u0",
    "m",
  ]);
});
