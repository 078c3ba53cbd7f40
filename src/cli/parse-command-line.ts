import yargs, { type ArgumentsCamelCase, type Argv } from "yargs";
import { AUTH_MODES, DIALECTS, LOG_FORMATS, type Settings } from "../config/schema.ts";
import { CALLER_CHANNELS } from "../core/profile.ts";
import { TOOL_VERSION } from "../core/tool-version.ts";
import type { Command, CommandContext } from "./command.ts";
import type { CommandEntry, CommandGroup } from "./commands.ts";
import { UsageError } from "./errors.ts";
import type { ExitCode } from "./exit-codes.ts";
import { optionalString } from "./flags.ts";

/** A command line that was understood. */
export type ParsedCommandLine =
  /** Help or the version was asked for; this is its text. */
  | { readonly type: "text"; readonly text: string }
  | {
      readonly type: "command";
      readonly name: string;
      readonly globals: GlobalFlags;
      readonly run: (context: CommandContext) => Promise<ExitCode>;
    };

/** The flags that every command takes. */
export interface GlobalFlags {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly configFile: string | undefined;
  /** As they were given; the configuration checks them. */
  readonly settings: Readonly<Partial<Record<keyof Settings, unknown>>>;
}

const EPILOGUE = [
  "Exit codes: 0 done, nothing found; 1 failed; 2 usage or configuration; 3 some items failed; 4 integrity findings;",
  "5 refused by a hold or policy; 11 locked by another run; 130 cancelled.",
  "Keys come from AUDIAN_API_KEY or --api-key-file, never from the command line itself.",
].join("\n");

/**
 * Parses a command line without running anything.
 *
 * @throws {UsageError} it cannot be understood.
 */
export async function parseCommandLine(
  argv: readonly string[],
  commands: readonly (CommandEntry | CommandGroup)[],
): Promise<ParsedCommandLine> {
  let chosen: { readonly entry: CommandEntry; readonly argv: ArgumentsCamelCase } | undefined;
  let text = "";
  const parser = addGlobalFlags(yargs([...argv]))
    .scriptName("holdfast")
    .usage("$0 <command> [options]\n\nPulls call recordings off the vendor, proves, converts and keeps verifying them.")
    .version(TOOL_VERSION)
    .strict()
    .demandCommand(1, "name a command; `holdfast --help` lists them")
    .recommendCommands()
    .epilogue(EPILOGUE)
    .wrap(110)
    .exitProcess(false)
    .fail((message, error) => {
      throw error && !message ? error : toUsageError(message, error);
    });
  const loaded = await loadNamed(argv, commands);
  addCommands(parser, commands, {
    loaded,
    onChosen: (entry, parsed) => {
      chosen = { entry, argv: parsed };
    },
  });
  try {
    await parser.parseAsync([...argv], {}, (_error, _argv, output) => {
      text += output;
    });
  } catch (error) {
    // Where a command's flags are loaded late, some of the parser's own complaints come out here.
    throw error instanceof Error && error.name === "YError" ? toUsageError(error.message, error) : error;
  }
  if (chosen === undefined) return { type: "text", text };
  const { entry, argv: parsed } = chosen;
  const command = loaded.get(entry) ?? (await entry.load());
  const options: unknown = command.toOptions(parsed);
  return {
    type: "command",
    name: entry.name,
    globals: toGlobalFlags(parsed),
    run: (context) => command.run(options, context),
  };
}

/** Commands that are loaded already. */
// biome-ignore lint/suspicious/noExplicitAny: commands with different flags stand in one map
type LoadedCommands = ReadonlyMap<CommandEntry, Command<any>>;

/**
 * Loads the commands whose names stand among the arguments: for flags that are declared late, yargs writes its whole help text
 * beforehand, which takes longer than loading them.
 */
async function loadNamed(
  argv: readonly string[],
  commands: readonly (CommandEntry | CommandGroup)[],
): Promise<LoadedCommands> {
  const named = toEntries(commands).filter(({ name }) => name.split(" ").every((word) => argv.includes(word)));
  return new Map(await Promise.all(named.map(async (entry) => [entry, await entry.load()] as const)));
}

function toEntries(commands: readonly (CommandEntry | CommandGroup)[]): readonly CommandEntry[] {
  return commands.flatMap((entry) => ("commands" in entry ? toEntries(entry.commands) : [entry]));
}

/** What a parser is made with. */
interface ParserParts {
  readonly loaded: LoadedCommands;
  /** Gets the command that was named. */
  readonly onChosen: (entry: CommandEntry, argv: ArgumentsCamelCase) => void;
}

function addCommands(parser: Argv, commands: readonly (CommandEntry | CommandGroup)[], parts: ParserParts): Argv {
  for (const entry of commands) {
    if ("commands" in entry) {
      // It takes all that follows, so that a wrong word meets the message that names the right ones.
      const usage = `${toLastWord(entry)} [action..]`;
      parser.command(usage, entry.description, (own) => addGroup(own, entry, parts));
    } else {
      const command = parts.loaded.get(entry);
      const builder = (own: Argv) => (command === undefined ? buildLate(entry, own) : command.builder(own));
      const onChosen = (argv: unknown) => parts.onChosen(entry, argv as ArgumentsCamelCase);
      parser.command(entry.usage, entry.description, builder, onChosen);
    }
  }
  return parser;
}

async function buildLate(entry: CommandEntry, parser: Argv): Promise<Argv> {
  return (await entry.load()).builder(parser);
}

function addGroup(parser: Argv, { name, commands }: CommandGroup, parts: ParserParts): Argv {
  const words = commands.map(toLastWord).join(", ");
  return addCommands(parser, commands, parts).demandCommand(1, `name what \`${name}\` shall do: ${words}`);
}

function toLastWord({ name }: CommandEntry | CommandGroup): string {
  return name.split(" ").at(-1) ?? name;
}

function addGlobalFlags(parser: Argv): Argv {
  return parser
    .option("archive", {
      type: "string",
      requiresArg: true,
      describe: "The archive's folder (HOLDFAST_ARCHIVE; default ./archive)",
    })
    .option("config", {
      type: "string",
      requiresArg: true,
      describe: "Configuration file (default ./holdfast.config.json, if there is one)",
    })
    .option("json", { type: "boolean", default: false, describe: "Exactly one JSON report on stdout" })
    .option("quiet", { type: "boolean", default: false, describe: "No progress, only errors on stderr" })
    .option("dry-run", { type: "boolean", default: false, describe: "Say what would be done; change nothing" })
    .option("concurrency", { type: "number", requiresArg: true, describe: "Things done at a time" })
    .option("ffmpeg", { type: "string", requiresArg: true, describe: "The ffmpeg to run (HOLDFAST_FFMPEG)" })
    .option("caller-channel", {
      choices: CALLER_CHANNELS,
      describe: "Where the caller is in two-party recordings; fetch writes it into sidecars",
    })
    .option("log-format", { choices: LOG_FORMATS, describe: "Lines on stderr (default text)" })
    .option("base-url", { type: "string", requiresArg: true, describe: "The vendor's API (AUDIAN_BASE_URL)" })
    .option("auth", { choices: AUTH_MODES, describe: "How the key is sent (default token)" })
    .option("dialect", { choices: DIALECTS, describe: "Which of the vendor's listings is spoken (default documented)" })
    .option("account-id", {
      type: "string",
      requiresArg: true,
      describe: "The account, for --dialect account (AUDIAN_ACCOUNT_ID; else what --auth exchange tells)",
    })
    .option("allow-private-hosts", {
      type: "boolean",
      describe: "Follow download redirects into private networks (default only if the API is in one)",
    })
    .option("timeout", {
      type: "number",
      requiresArg: true,
      describe: "Seconds to wait for a connection, an answer or the next bytes (default 30)",
    })
    .option("api-key-file", {
      type: "string",
      requiresArg: true,
      describe: "File that holds the API key (else AUDIAN_API_KEY)",
    })
    .option("webhook-secret-file", {
      type: "string",
      requiresArg: true,
      describe: "File that holds the webhooks' secret (else AUDIAN_WEBHOOK_SECRET)",
    });
}

function toGlobalFlags(argv: ArgumentsCamelCase): GlobalFlags {
  const { archive, ffmpeg, callerChannel, concurrency, apiKeyFile, webhookSecretFile, logFormat } = argv;
  const { baseUrl, auth, dialect, accountId, allowPrivateHosts, timeout: timeoutSeconds } = argv;
  const vendor = { baseUrl, auth, dialect, accountId, allowPrivateHosts, timeoutSeconds };
  return {
    json: argv["json"] === true,
    quiet: argv["quiet"] === true,
    configFile: optionalString(argv, "config"),
    settings: { archive, ffmpeg, callerChannel, concurrency, ...vendor, apiKeyFile, webhookSecretFile, logFormat },
  };
}

function toUsageError(message: string, cause: unknown): UsageError {
  return new UsageError(message.trim().replaceAll(/\s*\n\s*/g, "; "), { hint: "see `holdfast --help`", cause });
}
