import { HoldfastError } from "../core/errors.ts";
import { FAULT_KINDS } from "./faults/fault-kinds.ts";

/** A data folder holds no sandbox or one of another seed, and was left as it is. */
export class SandboxFolderError extends HoldfastError<"CONFIG_INVALID"> {
  readonly code = "CONFIG_INVALID";

  constructor(problem: string, options: ErrorOptions = {}) {
    super(problem, { ...options, hint: "use another folder for the sandbox, or remove this one" });
  }
}

/** The port that was asked for cannot be listened on. */
export class SandboxPortError extends HoldfastError<"CONFIG_INVALID"> {
  readonly code = "CONFIG_INVALID";

  constructor(port: number, options: ErrorOptions) {
    super(`cannot listen on port ${port} of 127.0.0.1`, {
      ...options,
      hint: "choose another port, or 0 for any free one",
    });
  }
}

/** A list of faults cannot be read. */
export class FaultSpecError extends HoldfastError<"CONFIG_INVALID"> {
  readonly code = "CONFIG_INVALID";

  constructor(part: string, problem: string) {
    super(`fault "${part}" ${problem}`, {
      hint: `faults are ${Object.keys(FAULT_KINDS).join(", ")}, and mix; see docs/sandbox-faults.md`,
    });
  }
}
