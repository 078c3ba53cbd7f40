import * as z from "zod";

const Seconds = z.number().nonnegative();

/** The middle and the range of the rounds. */
const Spread = z.strictObject({ median: z.number(), min: z.number(), max: z.number() });

/** What one run took; no memory where the system does not tell of it. */
export const RoundFigures = z.strictObject({
  wallSeconds: Seconds,
  /** User and system time of the whole process tree. */
  cpuSeconds: Seconds,
  /** The highest sum over the process tree that sampling saw. */
  peakRssBytes: z.int().positive().nullable(),
});
export type RoundFigures = z.infer<typeof RoundFigures>;

const MeasuredSubject = z.strictObject({
  name: z.string(),
  description: z.string(),
  status: z.literal("measured"),
  rounds: z.array(RoundFigures).min(1),
  wallSeconds: Spread,
  cpuSeconds: Spread,
  peakRssBytes: Spread.nullable(),
});
export type MeasuredSubject = z.infer<typeof MeasuredSubject>;

const AbsentSubject = z.strictObject({
  name: z.string(),
  description: z.string(),
  status: z.literal("not-installed"),
  missing: z.array(z.string()).min(1),
});

/** Holdfast's figures divided by a peer's, round by round: below 1 Holdfast needs less. */
const PeerRatio = z.strictObject({
  peer: z.string(),
  wall: Spread.nullable(),
  cpu: Spread.nullable(),
  peakRss: Spread.nullable(),
});
export type PeerRatio = z.infer<typeof PeerRatio>;

const CaseResult = z.strictObject({
  name: z.string(),
  /** What was compared before any timing counted, and found equal. */
  compared: z.array(z.strictObject({ trial: z.string(), outputs: z.int().positive() })).min(1),
  subjects: z.array(z.discriminatedUnion("status", [MeasuredSubject, AbsentSubject])).min(1),
  ratios: z.array(PeerRatio),
});
export type CaseResult = z.infer<typeof CaseResult>;

/** The machine that a benchmark ran on. */
export const Machine = z.strictObject({
  cpu: z.string(),
  cores: z.int().positive(),
  memoryBytes: z.int().positive(),
  kernel: z.string(),
  /** The file system of the temporary folder. */
  fileSystem: z.string(),
  /** The load of the last minute before the first round: what others were doing. */
  loadBefore: z.number().nonnegative(),
});
export type Machine = z.infer<typeof Machine>;

/** What ran. */
export const Software = z.strictObject({
  holdfast: z.strictObject({
    version: z.string(),
    commit: z.string(),
    /** Measured files that differ from the commit; none in a clean tree. */
    uncommitted: z.array(z.string()),
    /** SHA-256 over the built program, for two results of one commit and other uncommitted files. */
    build: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  node: z.string(),
  ffmpeg: z.strictObject({ path: z.string(), version: z.string() }),
  /** The first line that each peer's program prints about its version. */
  programs: z.record(z.string(), z.string()),
});
export type Software = z.infer<typeof Software>;

/** The form of a file in `benchmarks/results/`. */
export const BenchmarkResult = z.strictObject({
  schema: z.literal("holdfast.benchmark/1"),
  name: z.string(),
  measuredAt: z.iso.datetime(),
  machine: Machine,
  software: Software,
  parameters: z.record(z.string(), z.union([z.string(), z.number()])),
  cases: z.array(CaseResult).min(1),
});
export type BenchmarkResult = z.infer<typeof BenchmarkResult>;
