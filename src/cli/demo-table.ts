import type { LargeReport } from "../core/report.ts";
import { toByteWords, toDurationWords, toTable } from "./wording.ts";

/** One step of the demonstration and what came of it. */
export interface DemoStep {
  readonly name: string;
  readonly report: LargeReport<unknown>;
  readonly audioSeconds: number;
  readonly elapsedSeconds: number;
}

/** Sets out what the demonstration did: files, bytes, audio, and how many times faster than it plays. */
export function toDemoTable(steps: readonly DemoStep[]): readonly string[] {
  const head = ["step", "done", "already", "failed", "findings", "bytes", "audio", "seconds", "x real time"];
  return toTable([head, ...steps.map(toRow)]);
}

function toRow({ name, report, audioSeconds, elapsedSeconds }: DemoStep): readonly string[] {
  const { done, skipped, failed, findings, bytes } = report.counts;
  const speed = audioSeconds === 0 ? "-" : (audioSeconds / elapsedSeconds).toFixed(0);
  return [
    name,
    ...[done, skipped, failed, findings].map(String),
    toByteWords(bytes),
    toDurationWords(audioSeconds),
    elapsedSeconds.toFixed(1),
    speed,
  ];
}
