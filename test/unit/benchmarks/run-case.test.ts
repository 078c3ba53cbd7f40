import { expect, it, onTestFinished } from "vitest";
import type { Case, Subject } from "../../../benchmarks/harness/benchmark.ts";
import { runCase } from "../../../benchmarks/harness/run-case.ts";
import { Workspace } from "../../../benchmarks/harness/workspace.ts";

it.each([
  ["as many as it is told", undefined, 3],
  ["no more than the case has", 2, 2],
  ["no more than it is told", 9, 3],
])("runs rounds, %s", async (_, maxRounds, expected) => {
  const workspace = await Workspace.create("test");
  onTestFinished(() => workspace.remove());
  const one = toCase(workspace, maxRounds);
  const signal = new AbortController().signal;
  const { subjects } = await runCase(one, { rounds: 3, logFolder: workspace.root, signal, onStep: () => undefined });
  expect(subjects).toMatchObject([{ status: "measured", rounds: { length: expected } }]);
});

function toCase(workspace: Workspace, maxRounds: number | undefined): Case {
  const subject: Subject = {
    name: "nothing",
    description: "true",
    programs: [],
    commandLine: { argv: ["true"], folder: workspace.path("work") },
    clear: async () => undefined,
    outputs: async () => new Map([["file", "digest"]]),
  };
  const trials = [{ name: "one", succeeds: true, expected: undefined }] as const;
  return { name: "case", subjects: [subject], trials, ...(maxRounds === undefined ? {} : { maxRounds }) };
}
