import type { ArgumentsCamelCase } from "yargs";
import { hasArchive, openSource } from "../../compose.ts";
import type { FindingKind } from "../../core/finding.ts";
import type { ReconcilePorts } from "../../ingest/reconcile-gather.ts";
import { type ReconcileReport, type ReconcileRequest, runReconcile } from "../../ingest/reconcile-run.ts";
import type { ListFilter } from "../../vendor/recording-source.ts";
import type { Command, CommandContext } from "../command.ts";
import { UsageError } from "../errors.ts";
import { toExitCode } from "../exit-codes.ts";
import { optionalNumber, optionalString } from "../flags.ts";
import { loadApiKey } from "../load-api-key.ts";
import { loadEvents } from "../load-events.ts";
import { listReceivedEvents } from "../received-events.ts";
import { toReconcileLines } from "../reconcile-table.ts";
import { toJsonReport, toProblemLines } from "../report-output.ts";
import { RETRY } from "../retry.ts";
import { addListFilter, toListFilter } from "../vendor-flags.ts";
import { withArchive } from "../with-archive.ts";

/** The flags of `reconcile`. */
export interface ReconcileFlags {
  readonly filter: ListFilter;
  readonly eventsFile: string | undefined;
  readonly retentionDays: number;
}

/** How many recordings are looked at or asked for side by side. */
const DEFAULT_CONCURRENCY = 8;

/** The kinds that the table's rows stand for. */
const IN_TABLE: readonly FindingKind[] = ["missing", "size-mismatch", "digest-mismatch"];

/** `holdfast reconcile` */
export const reconcileCommand: Command<ReconcileFlags> = {
  builder: (yargs) =>
    addListFilter(yargs)
      .option("events", {
        type: "string",
        requiresArg: true,
        describe: "NDJSON file of webhook events, beside those that the archive has received",
      })
      .option("retention-days", {
        type: "number",
        requiresArg: true,
        default: 30,
        describe: "Days after its creation that the vendor deletes a recording",
      }),

  toOptions: (argv) => ({
    filter: toListFilter(argv),
    eventsFile: optionalString(argv, "events"),
    retentionDays: toRetentionDays(argv),
  }),

  run: async (flags, context) => {
    const { config, clock, output } = context;
    const named = flags.eventsFile === undefined ? [] : [flags.eventsFile];
    const eventPaths = [...named, ...(await listReceivedEvents(config))];
    if (eventPaths.length === 0) output.note("no webhook events were given or received: list and archive alone count");
    const request = { filter: flags.filter, events: await loadEvents(eventPaths, context) };
    const source = await openSource(config.settings, { apiKey: await loadApiKey(context), clock });
    try {
      const work = async (archive: ReconcilePorts["archive"]) => {
        const report = await reconcile({ source, archive }, request, { flags, context });
        if (archive === undefined) output.note(`no archive at ${config.settings.archive} yet`);
        printReconciliation(report, context);
        return toExitCode(report.outcome);
      };
      const isNew = !(await hasArchive(config.settings.archive));
      return await (isNew ? work(undefined) : withArchive(context, { create: false }, work));
    } finally {
      await source.close();
    }
  },
};

function toRetentionDays(argv: ArgumentsCamelCase): number {
  const days = optionalNumber(argv, "retentionDays");
  if (days !== undefined && days > 0) return days;
  throw new UsageError("--retention-days takes a number of days above 0");
}

function reconcile(
  ports: ReconcilePorts,
  request: ReconcileRequest,
  { flags, context }: { readonly flags: ReconcileFlags; readonly context: CommandContext },
): Promise<ReconcileReport> {
  const { clock, signal, config } = context;
  const concurrency = config.settings.concurrency ?? DEFAULT_CONCURRENCY;
  return runReconcile(ports, request, { retentionDays: flags.retentionDays, concurrency, clock, signal, retry: RETRY });
}

/** What the table tells of a recording is not told again below it. */
function printReconciliation(report: ReconcileReport, { output }: CommandContext): void {
  const { watermark, listAskedAt, scope, findings } = report;
  output.printJson(toJsonReport("reconcile", report, { watermark, listAskedAt, scope }));
  const others = findings.filter(({ kind }) => !IN_TABLE.includes(kind));
  output.print(...toReconcileLines(report), ...toProblemLines({ ...report, findings: others }));
}
