import type { ArgumentsCamelCase, Argv } from "yargs";
import { retry } from "../../../async/retry.ts";
import { type AudianApi, openApi } from "../../../compose.ts";
import { RunLog } from "../../../core/run-log.ts";
import type { Command, CommandContext } from "../../command.ts";
import { EXIT_CODES, type ExitCode } from "../../exit-codes.ts";
import { refuseDryRun } from "../../flags.ts";
import { loadApiKey } from "../../load-api-key.ts";
import { printReport } from "../../report-output.ts";
import { RETRY } from "../../retry.ts";

/** One call of the API, with all that it needs. */
export interface ApiCall<T extends object> {
  /** Whether the call changes nothing, so that it may be made again when the vendor fails for a moment. */
  readonly isRepeatable: boolean;
  /** Makes the call once; what it gives is what the user is shown. */
  send(api: AudianApi, options: { readonly signal: AbortSignal }): Promise<T>;
  /** Counts the bytes of recordings that the call brought. @default none */
  countBytes?(answer: T): number;
}

/** What makes a call a subcommand of `api`. */
export interface ApiCommandParts<T extends object> {
  /** The subcommand's full name: `api recordings get`. */
  readonly name: string;
  builder(yargs: Argv): Argv;
  /** @throws {UsageError} the flags make no call. */
  toCall(argv: ArgumentsCamelCase): ApiCall<T>;
}

/** Makes the subcommand that makes one call and prints its answer, which is JSON with and without `--json`. */
export function toApiCommand<T extends object>({ name, builder, toCall }: ApiCommandParts<T>): Command<ApiCall<T>> {
  return {
    builder,
    toOptions: (argv) => {
      refuseDryRun(argv, "api");
      return toCall(argv);
    },
    run: (call, context) => runApiCall(name, call, context),
  };
}

/** Makes one call and prints its answer. */
export async function runApiCall<T extends object>(
  name: string,
  call: ApiCall<T>,
  context: CommandContext,
): Promise<ExitCode> {
  const { output, clock } = context;
  const log = new RunLog<T>({ clock, concurrency: 1 });
  log.planned(1, []);
  const answer = await sendOnceOrMore(call, context);
  log.ended({ type: "done", result: answer, bytes: call.countBytes?.(answer) ?? 0, audioSeconds: 0 });
  printReport(output, name, log.toReport("completed"), [JSON.stringify(answer, null, 2)]);
  return EXIT_CODES.ok;
}

async function sendOnceOrMore<T extends object>(call: ApiCall<T>, context: CommandContext): Promise<T> {
  const { config, clock, signal } = context;
  const api = await openApi(config.settings, { apiKey: await loadApiKey(context), clock });
  try {
    const attempt = () => call.send(api, { signal });
    return call.isRepeatable ? await retry(attempt, { ...RETRY, signal }) : await attempt();
  } finally {
    await api.close();
  }
}
