import { toTable } from "../../src/cli/wording.ts";
import type { BenchmarkResult, CaseResult } from "./schema.ts";
import type { Spread } from "./statistics.ts";

const HEAD = ["subject", "wall s", "(min-max)", "cpu s", "peak MB", "holdfast/it", "(min-max)", "cpu", "memory"];

/** Sets out a result for a person: one table for each case. */
export function toResultLines({ name, parameters, machine, cases }: BenchmarkResult): readonly string[] {
  const settings = Object.entries(parameters).map(([key, value]) => `${key} ${value}`);
  return [
    `${name}: ${settings.join(", ")}`,
    `on ${machine.cores} cores of ${machine.cpu}, load ${machine.loadBefore} before`,
    ...cases.flatMap((one) => ["", ...toCaseLines(one)]),
  ];
}

function toCaseLines({ name, compared, subjects, ratios }: CaseResult): readonly string[] {
  const rows = subjects.map((subject) => {
    if (subject.status === "not-installed") return [subject.name, `not installed: ${subject.missing.join(", ")}`];
    const { wallSeconds, cpuSeconds, peakRssBytes } = subject;
    const ratio = ratios.find(({ peer }) => peer === subject.name);
    return [
      subject.name,
      ...[toFixed(wallSeconds), toRange(wallSeconds), toFixed(cpuSeconds)],
      peakRssBytes === null ? "-" : (peakRssBytes.median / 1e6).toFixed(0),
      ...[toFixed(ratio?.wall), toRange(ratio?.wall), toFixed(ratio?.cpu), toFixed(ratio?.peakRss)],
    ];
  });
  const equal = compared.map(({ trial, outputs }) => `${trial} (${outputs})`);
  return [`${name}; the same outputs of all: ${equal.join(", ")}`, ...toTable([HEAD, ...rows])];
}

function toFixed(spread: Spread | null | undefined): string {
  return spread == null ? "-" : spread.median.toFixed(2);
}

function toRange(spread: Spread | null | undefined): string {
  return spread == null ? "-" : `(${spread.min.toFixed(2)}-${spread.max.toFixed(2)})`;
}
