import type { Workspace } from "./workspace.ts";

/** One program to be started, without a shell. */
export interface CommandLine {
  readonly argv: readonly [string, ...string[]];
  /** Where it works; the harness makes it. */
  readonly folder: string;
  /** Beside the few variables that every subject gets. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What a subject printed, and how it ended. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The outcome of a run in a form that can be compared: a name, and a digest or a verdict. */
export type Outputs = ReadonlyMap<string, string>;

/** One of those who do the same work. */
export interface Subject {
  readonly name: string;
  /** What is run, for the reader of the result, without the paths of one machine. */
  readonly description: string;
  /** Programs that must be installed for it; without them it is named in the result as not installed. */
  readonly programs: readonly string[];
  readonly commandLine: CommandLine;
  /** Called before every run, timed or not; removes what the last one left. */
  readonly clear: () => Promise<void>;
  /**
   * Reads what a run has brought about, from its files or its words.
   *
   * @throws {BenchmarkError} what it says of its own work is not true.
   */
  readonly outputs: (ended: Ended) => Promise<Outputs>;
}

/** An untimed run of every subject that must give the same outputs; a case's first is also its warm-up. */
export interface Trial {
  readonly name: string;
  /** Whether the subjects must end with status 0, or must not. */
  readonly succeeds: boolean;
  /** What is right, where that is known without asking a subject. */
  readonly expected: Outputs | undefined;
  /** Who is put to it, where not all can be: what only hashes judges nothing. */
  readonly subjects?: readonly Subject[];
  /** Sets the scene where it differs from the timed work, and gives the way back. */
  readonly arrange?: () => Promise<() => Promise<void>>;
}

/** The same work done by several subjects, of which the first is Holdfast. */
export interface Case {
  readonly name: string;
  readonly subjects: readonly [Subject, ...Subject[]];
  /** The first is the work that is timed. */
  readonly trials: readonly [Trial, ...Trial[]];
  /** Fewer rounds than the benchmark's, where what is waited for does not vary. */
  readonly maxRounds?: number;
}

/** What a benchmark is opened with. */
export interface BenchmarkContext {
  readonly workspace: Workspace;
  readonly smoke: boolean;
  readonly cores: number;
  readonly signal: AbortSignal;
}

/** A benchmark whose inputs are made. */
export interface OpenBenchmark {
  /** What it was measured with, for the result. */
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly cases: readonly Case[];
  /** Ends what was started for it; files go with the workspace. */
  readonly close: () => Promise<void>;
}

/** One thing that is measured, with its peers. */
export interface Benchmark {
  readonly name: string;
  readonly description: string;
  readonly rounds: number;
  /** Makes the inputs, the same on every machine; the caller closes it. */
  readonly open: (context: BenchmarkContext) => Promise<OpenBenchmark>;
}
