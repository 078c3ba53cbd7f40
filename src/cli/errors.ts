import { HoldfastError } from "../core/errors.ts";

/** The command line cannot be understood. */
export class UsageError extends HoldfastError<"USAGE"> {
  readonly code = "USAGE";
}

/** The user asked for the run to end. */
export class CancelledError extends Error {
  constructor() {
    super("cancelled");
    this.name = "CancelledError";
  }
}
