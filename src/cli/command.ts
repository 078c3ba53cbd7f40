import type { ArgumentsCamelCase, Argv } from "yargs";
import type { Config } from "../config/resolve-config.ts";
import type { Clock } from "../core/clock.ts";
import type { ExitCode } from "./exit-codes.ts";
import type { Output } from "./terminal.ts";

/** What a command may use of the world outside. */
export interface CommandContext {
  readonly config: Config;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly output: Output;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Processor cores that this process may use. */
  readonly cores: number;
  /** What starts this program: absolute paths, of node and of the script. */
  readonly program: readonly string[];
}

/** What one subcommand takes and does. */
export interface Command<O> {
  /** Declares the command's own flags. */
  builder(yargs: Argv): Argv;
  /**
   * Reads the parsed flags. Pure.
   *
   * @throws {UsageError} they cannot be used together.
   */
  toOptions(argv: ArgumentsCamelCase): O;
  /** Does the work, writes the result and gives the exit code. */
  run(options: O, context: CommandContext): Promise<ExitCode>;
}
