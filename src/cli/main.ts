import { type Clock, toIsoInstant } from "../core/clock.ts";
import { isHoldfastError } from "../core/errors.ts";
import type { Failure } from "../core/report.ts";
import { COMMANDS } from "./commands.ts";
import { EXIT_CODES, type ExitCode, toErrorExitCode } from "./exit-codes.ts";
import { loadConfig } from "./load-config.ts";
import { parseCommandLine } from "./parse-command-line.ts";
import { toJsonReport } from "./report-output.ts";
import { Output, type Terminal } from "./terminal.ts";

/** What the program is started with. */
export interface MainOptions extends Terminal {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly cores: number;
  /** What starts this program: absolute paths, of node and of the script. */
  readonly program: readonly string[];
  /** Aborts when the user asks for an end. */
  readonly signal: AbortSignal;
}

/** Runs one command line and gives the exit code. Prints only to the streams it is given, and never throws. */
export async function main(options: MainOptions): Promise<ExitCode> {
  const wantsJson = options.argv.includes("--json");
  let output = new Output(options, { json: wantsJson, quiet: false, logFormat: "text" });
  let command = "";
  try {
    const parsed = await parseCommandLine(options.argv, COMMANDS);
    if (parsed.type === "text") {
      options.stdout.write(`${parsed.text}\n`);
      return EXIT_CODES.ok;
    }
    command = parsed.name;
    const { json, quiet, settings, configFile } = parsed.globals;
    const config = await loadConfig({ settings, configFile }, options.environment);
    output = new Output(options, { json, quiet, logFormat: config.settings.logFormat });
    return await parsed.run({ ...options, config, output });
  } catch (error) {
    return reportError(error, { command, output, options });
  }
}

interface ErrorContext {
  readonly command: string;
  readonly output: Output;
  readonly options: MainOptions;
}

/** Says what ended a command before it had a report; a bug comes with its stack. */
function reportError(error: unknown, { command, output, options }: ErrorContext): ExitCode {
  const { signal, clock } = options;
  if (signal.aborted && error === signal.reason) {
    output.error("cancelled");
    output.printJson(toErrorReport("cancelled", command, clock, []));
    return EXIT_CODES.cancelled;
  }
  if (isHoldfastError(error)) {
    output.error(`${error.message} (${error.code})`);
    if (error.hint !== undefined) output.error(`hint: ${error.hint}`);
    const outcome = toErrorExitCode(error) === EXIT_CODES.refused ? "refused" : "failed";
    output.printJson(toErrorReport(outcome, command, clock, [{ subject: command, ...error.toJSON() }]));
  } else {
    const stack = error instanceof Error ? error.stack : String(error);
    output.error(`this is a bug in Holdfast, please report it: ${stack}`);
    const failure = { subject: command, code: "INTERNAL", message: String(error), retryable: false };
    output.printJson(toErrorReport("failed", command, clock, [failure]));
  }
  return toErrorExitCode(error);
}

function toErrorReport(
  outcome: "failed" | "refused" | "cancelled",
  command: string,
  clock: Clock,
  failures: readonly Failure[],
) {
  const instant = toIsoInstant(clock.now());
  const counts = { planned: 0, done: 0, skipped: 0, failed: failures.length, findings: 0, bytes: 0 };
  return toJsonReport(command, {
    ...{ startedAt: instant, finishedAt: instant, outcome, counts },
    ...{ results: [], findings: [], failures },
  });
}
