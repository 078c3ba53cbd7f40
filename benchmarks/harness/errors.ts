/** A benchmark cannot be run, or one of its subjects did not do its work; the message says which and why. */
export class BenchmarkError extends Error {
  override readonly name = "BenchmarkError";
}

/** The command line cannot be understood. */
export class BenchmarkUsageError extends Error {
  override readonly name = "BenchmarkUsageError";
}
