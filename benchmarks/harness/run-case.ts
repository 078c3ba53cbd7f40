import { spawnSync } from "node:child_process";
import type { Case, Ended, Outputs, Subject, Trial } from "./benchmark.ts";
import { toMeasuredSubject, toRatios } from "./case-result.ts";
import { assertSameOutputs } from "./compare-outputs.ts";
import { BenchmarkError } from "./errors.ts";
import { findMissing } from "./find-program.ts";
import { type MeasureOptions, measure } from "./measure.ts";
import type { CaseResult, RoundFigures } from "./schema.ts";

/** How a case is run. */
export interface RunCaseOptions extends MeasureOptions {
  readonly rounds: number;
  /** Told of every step, for a person who waits. */
  readonly onStep: (step: string) => void;
}

/** How much of a failed subject's words is shown. */
const TAIL_CHARACTERS = 2000;

/**
 * Runs the trials of a case, then its rounds: A B A B, always in the same order. Outputs are compared after every
 * run, timed or not; one that differs ends the benchmark without a result.
 *
 * @throws {BenchmarkError} a subject failed, or outputs differ.
 */
export async function runCase(one: Case, options: RunCaseOptions): Promise<CaseResult> {
  const { name, subjects, trials, maxRounds = options.rounds } = one;
  const missing = new Map<Subject, readonly string[]>();
  for (const subject of subjects) missing.set(subject, await findMissing(subject.programs));
  const present = subjects.filter((subject) => missing.get(subject)?.length === 0);
  const outputs = new Map<Trial, Outputs>();
  for (const trial of trials) {
    const subjectsOfTrial = present.filter((subject) => trial.subjects?.includes(subject) ?? true);
    outputs.set(trial, await runTrial(trial, subjectsOfTrial, options));
  }
  const timed = { trial: trials[0], expected: outputs.get(trials[0]) };
  const rounds = await runRounds(present, timed, { ...options, rounds: Math.min(options.rounds, maxRounds) });
  const results = subjects.map((subject) => {
    const { name: who, description } = subject;
    const figures = rounds.get(subject);
    if (figures !== undefined) return toMeasuredSubject(subject, figures);
    return { name: who, description, status: "not-installed" as const, missing: [...(missing.get(subject) ?? [])] };
  });
  const compared = trials.map((trial) => ({ trial: trial.name, outputs: outputs.get(trial)?.size ?? 0 }));
  return { name, compared, subjects: results, ratios: toRatios(results) };
}

/** Gives the outputs that all subjects agree on. */
async function runTrial(trial: Trial, subjects: readonly Subject[], options: RunCaseOptions): Promise<Outputs> {
  const restore = await trial.arrange?.();
  try {
    let { expected } = trial;
    for (const subject of subjects) {
      options.onStep(`${subject.name}: ${trial.name}, untimed`);
      const { found } = await runOnce(subject, trial, options);
      expected ??= found;
      assertSameOutputs(`${subject.name}, ${trial.name}`, found, expected);
    }
    return expected ?? new Map();
  } finally {
    await restore?.();
  }
}

async function runRounds(
  subjects: readonly Subject[],
  { trial, expected = new Map() }: { readonly trial: Trial; readonly expected: Outputs | undefined },
  options: RunCaseOptions,
): Promise<ReadonlyMap<Subject, readonly RoundFigures[]>> {
  const rounds = new Map<Subject, RoundFigures[]>(subjects.map((subject) => [subject, []]));
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const subject of subjects) {
      options.onStep(`${subject.name}: round ${round} of ${options.rounds}`);
      const { found, figures } = await runOnce(subject, trial, options);
      assertSameOutputs(`${subject.name}, round ${round}`, found, expected);
      rounds.get(subject)?.push(figures);
    }
  }
  return rounds;
}

async function runOnce(
  subject: Subject,
  trial: Trial,
  options: MeasureOptions,
): Promise<{ readonly found: Outputs; readonly figures: RoundFigures }> {
  await subject.clear();
  settleDisk();
  const { ended, figures } = await measure(subject.commandLine, options);
  if ((ended.exitCode === 0) !== trial.succeeds) throw toFailure(subject, trial, ended);
  return { found: await subject.outputs(ended), figures };
}

/** Writes back what earlier runs left in memory, so that no subject pays for the bytes of another. */
function settleDisk(): void {
  spawnSync("sync");
}

function toFailure({ name }: Subject, trial: Trial, { exitCode, stdout, stderr }: Ended): BenchmarkError {
  const words = [stdout, stderr].map((text) => text.trim().slice(-TAIL_CHARACTERS)).filter((text) => text !== "");
  return new BenchmarkError([`${name}, ${trial.name}: ended with status ${exitCode}`, ...words].join("\n"));
}
