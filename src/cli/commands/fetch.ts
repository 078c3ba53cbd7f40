import { hasArchive, openSource } from "../../compose.ts";
import { ConfigError } from "../../config/errors.ts";
import { loadSecret } from "../../config/load-secret.ts";
import { tryParseInstant } from "../../core/clock.ts";
import type { Secret } from "../../core/secret.ts";
import { EMPTY_ARCHIVE, type FetchItem, type FetchPlan, type FetchPorts, planFetch } from "../../ingest/fetch-plan.ts";
import { type FetchResult, runFetch } from "../../ingest/fetch-run.ts";
import { type EventFile, readEventFile } from "../../ingest/read-events.ts";
import type { ListFilter } from "../../vendor/recording-source.ts";
import type { Command, CommandContext } from "../command.ts";
import { printDryRun } from "../dry-run.ts";
import { UsageError } from "../errors.ts";
import { type ExitCode, toExitCode } from "../exit-codes.ts";
import { optionalString } from "../flags.ts";
import { startProgress } from "../progress.ts";
import { printReport } from "../report-output.ts";
import { withArchive } from "../with-archive.ts";
import { toByteWords, toCountWords, toDurationWords } from "../wording.ts";

/** The flags of `fetch`. */
export interface FetchFlags {
  readonly filter: ListFilter;
  readonly eventsFile: string | undefined;
  readonly dryRun: boolean;
}

/** Downloads side by side: enough to hide the way to the vendor, few enough not to be turned away. */
const DEFAULT_CONCURRENCY = 8;

/** Patience with a vendor that fails for a moment. */
export const RETRY = { attempts: 5, firstDelayMs: 500, maxDelayMs: 30_000, random: Math.random };

/** `holdfast fetch` */
export const fetchCommand: Command<FetchFlags> = {
  builder: (yargs) =>
    yargs
      .option("since", {
        type: "string",
        requiresArg: true,
        describe: "Created at or after this instant (ISO 8601; UTC if it names no zone)",
      })
      .option("until", { type: "string", requiresArg: true, describe: "Created before this instant" })
      .option("call-id", { type: "string", requiresArg: true, describe: "Only recordings of this call" })
      .option("events", {
        type: "string",
        requiresArg: true,
        describe: "NDJSON file of webhook events: fetch what they name, and what the list gives if a filter is set too",
      }),

  toOptions: (argv) => ({
    filter: {
      callId: optionalString(argv, "callId"),
      sinceMs: toInstant("--since", optionalString(argv, "since")),
      untilMs: toInstant("--until", optionalString(argv, "until")),
    },
    eventsFile: optionalString(argv, "events"),
    dryRun: argv["dryRun"] === true,
  }),

  run: async (flags, context) => {
    const { config, clock } = context;
    const eventFile = await loadEvents(flags, context);
    const source = await openSource(config.settings, { apiKey: await requireApiKey(context), clock });
    try {
      if (flags.dryRun && !(await hasArchive(config.settings.archive))) {
        return await planOnly({ archive: EMPTY_ARCHIVE, source }, { flags, eventFile, context });
      }
      const work = flags.dryRun ? planOnly : fetchInto;
      return await withArchive(context, { create: true }, (archive) =>
        work({ archive, source }, { flags, eventFile, context }),
      );
    } finally {
      await source.close();
    }
  },
};

function toInstant(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const epochMs = tryParseInstant(text);
  if (epochMs !== undefined) return epochMs;
  throw new UsageError(`${flag} is no instant: ${text}`, { hint: "write 2024-01-15 or 2024-01-15T10:30:00Z" });
}

async function loadEvents({ eventsFile }: FetchFlags, { config, environment }: CommandContext): Promise<EventFile> {
  if (eventsFile === undefined) return { events: [], failures: [], findings: [] };
  const { webhookSecretFile } = config.settings;
  const secret = await loadSecret({ file: webhookSecretFile, value: environment["AUDIAN_WEBHOOK_SECRET"] });
  return readEventFile(eventsFile, secret);
}

async function requireApiKey({ config, environment }: CommandContext): Promise<Secret> {
  const apiKey = await loadSecret({ file: config.settings.apiKeyFile, value: environment["AUDIAN_API_KEY"] });
  if (apiKey !== undefined) return apiKey;
  throw new ConfigError("no API key", { hint: "set AUDIAN_API_KEY, or name a file that holds it with --api-key-file" });
}

interface FetchInput {
  readonly flags: FetchFlags;
  readonly eventFile: EventFile;
  readonly context: CommandContext;
}

type LookupPorts = Parameters<typeof planFetch>[0];

async function plan(ports: LookupPorts, { flags, eventFile, context }: FetchInput): Promise<FetchPlan> {
  const concurrency = context.config.settings.concurrency ?? DEFAULT_CONCURRENCY;
  const made = await planFetch(ports, toRequest(flags, eventFile), {
    concurrency,
    signal: context.signal,
    retry: RETRY,
  });
  const failures = [...eventFile.failures, ...made.failures];
  return { ...made, failures, findings: [...eventFile.findings, ...made.findings] };
}

async function planOnly(ports: LookupPorts, input: FetchInput): Promise<ExitCode> {
  const { items, failures, findings } = await plan(ports, input);
  return printDryRun(input.context, "fetch", { items: items.map(toPlannedItem), failures, findings });
}

async function fetchInto(ports: FetchPorts, input: FetchInput): Promise<ExitCode> {
  const { output, clock, signal, config } = input.context;
  const concurrency = config.settings.concurrency ?? DEFAULT_CONCURRENCY;
  const planned = await plan(ports, input);
  const progress = startProgress(output, "fetched", clock);
  const options = { concurrency, clock, signal, retry: RETRY, onEvent: progress.onEvent };
  const report = await runFetch(ports, planned, options).finally(progress.stop);
  printReport(output, "fetch", report, toSummary(report.results, ports.archive.traits.location));
  return toExitCode(report.outcome);
}

/** The list is asked unless events alone were named. */
function toRequest({ eventsFile, filter }: FetchFlags, { events }: EventFile) {
  const hasFilter = Object.values(filter).some((value) => value !== undefined);
  return { filter: eventsFile === undefined || hasFilter ? filter : undefined, events };
}

function toPlannedItem({ remote, action }: FetchPlan["items"][number]): { subject: string; action: string } {
  return { subject: remote.recordingId, action: toActionWord(action) };
}

function toActionWord(action: FetchItem["action"]): string {
  return action.type === "none" ? action.reason : action.type;
}

function toSummary(results: readonly FetchResult[], location: string): readonly string[] {
  const count = (status: FetchResult["status"]) => results.filter((result) => result.status === status).length;
  const fetched = results.filter(({ status }) => status === "fetched");
  const bytes = fetched.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0);
  const seconds = fetched.reduce((sum, { durationSeconds = 0 }) => sum + durationSeconds, 0);
  const proven = fetched.filter(({ evidence }) => evidence === "vendor-digest").length;
  const amount = `${toByteWords(bytes)}, ${toDurationWords(seconds)} of audio`;
  return [
    `fetched ${toCountWords(fetched.length, "recording")} (${amount}); ${count("already")} already there, ${count("skipped")} skipped, ${count("failed")} failed`,
    ...(fetched.length > 0 ? [`proven by the vendor's own sha256: ${proven} of ${fetched.length}`] : []),
    `archive: ${location}`,
  ];
}
