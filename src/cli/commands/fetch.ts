import { hasArchive } from "../../compose.ts";
import { toNoticeRules } from "../../config/notice-rules.ts";
import { EMPTY_ARCHIVE, type FetchItem, type FetchPlan, planFetch } from "../../ingest/fetch-plan.ts";
import { type FetchResult, runFetch, toVendorCall } from "../../ingest/fetch-run.ts";
import { boundGarbage } from "../bound-garbage.ts";
import type { Command } from "../command.ts";
import { printDryRun } from "../dry-run.ts";
import type { ExitCode } from "../exit-codes.ts";
import { toExitCode } from "../exit-codes.ts";
import { addFetchFlags, type FetchFlags, toFetchFlags } from "../fetch-flags.ts";
import { toForecast } from "../fetch-forecast.ts";
import { loadApiKey } from "../load-api-key.ts";
import { loadEvents } from "../load-events.ts";
import { loadIds } from "../load-ids.ts";
import { withFetchKit } from "../open-fetch.ts";
import { startProgress } from "../progress.ts";
import { listReceivedEvents } from "../received-events.ts";
import { printReport } from "../report-output.ts";
import type { WatchInput } from "../watch-fetch.ts";
import { withArchive } from "../with-archive.ts";
import { toByteWords, toCountWords, toDurationWords } from "../wording.ts";

/** `holdfast fetch` */
export const fetchCommand: Command<FetchFlags> = {
  builder: addFetchFlags,
  toOptions: toFetchFlags,

  run: async (flags, context) => {
    boundGarbage();
    const { config, output } = context;
    const recordingIds = flags.idsFile === undefined ? [] : await loadIds(flags.idsFile);
    const known = await loadEvents(await listReceivedEvents(config), context);
    const unusable = known.findings.length + known.failures.length;
    if (unusable > 0)
      output.note(`${toCountWords(unusable, "received webhook")} cannot be used, see \`holdfast reconcile\``);
    const apiKey = await loadApiKey(context);
    // The archive is given back only when no thread writes into it any more.
    const withKit = (use: (input: WatchInput) => Promise<ExitCode>) =>
      withFetchKit(context, { apiKey, speed: flags.speed }, (kit) =>
        use({ flags, recordingIds, knownEvents: known.events, kit, context }),
      );
    if (flags.dryRun && !(await hasArchive(config.settings.archive))) {
      return withKit((input) => planOnly(EMPTY_ARCHIVE, input));
    }
    const work = flags.dryRun ? planOnly : flags.watch ? watchInto : fetchInto;
    return withArchive(context, { create: true }, (archive) => withKit((input) => work(archive, input)));
  },
};

type Lookup = Parameters<typeof planFetch>[0]["archive"];
type Target = Parameters<typeof runFetch>[0]["archive"];

async function plan(
  archive: Lookup,
  { flags, recordingIds, knownEvents, kit, context }: WatchInput,
): Promise<FetchPlan> {
  const { source, concurrency, patience } = kit;
  const eventFile = await loadEvents(flags.eventsFile === undefined ? [] : [flags.eventsFile], context);
  const request = { filter: toFilter(flags), events: eventFile.events, knownEvents, recordingIds };
  const options = { concurrency, call: toVendorCall(patience), signal: patience.signal };
  const made = await planFetch({ archive, source }, request, options);
  const failures = [...eventFile.failures, ...made.failures];
  return { ...made, failures, findings: [...eventFile.findings, ...made.findings] };
}

async function planOnly(archive: Lookup, input: WatchInput): Promise<ExitCode> {
  const planned = await plan(archive, input);
  input.context.output.note(toForecast(planned));
  const { items, failures, findings } = planned;
  return printDryRun(input.context, "fetch", { items: items.map(toPlannedItem), failures, findings });
}

async function fetchInto(archive: Target, input: WatchInput): Promise<ExitCode> {
  const { output, clock, signal } = input.context;
  const { concurrency, patience, source, transfers } = input.kit;
  const planned = await plan(archive, input);
  output.note(toForecast(planned));
  const progress = startProgress(output, "fetched", clock);
  const { callerChannel } = input.context.config.settings;
  const notices = toNoticeRules(input.context.config);
  const { limits } = input.flags;
  const stated = { callerChannel, notices };
  const options = { ...patience, concurrency, clock, signal, limits, ...stated, onEvent: progress.onEvent };
  const report = await runFetch({ archive, source, transfers }, planned, options).finally(progress.stop);
  printReport(output, "fetch", report, toSummary(report.results, archive.traits.location));
  return toExitCode(report.outcome);
}

async function watchInto(archive: Target, input: WatchInput): Promise<ExitCode> {
  // The receiver brings a whole server with it, which no other fetch needs.
  const { runWatch } = await import("../watch-fetch.ts");
  const report = await runWatch(archive, input);
  printReport(input.context.output, "fetch", report, toSummary(report.results, archive.traits.location));
  return toExitCode(report.outcome);
}

/** The list is asked unless events or ids alone were named. */
function toFilter({ eventsFile, idsFile, filter }: FetchFlags) {
  const hasFilter = Object.values(filter).some((value) => value !== undefined);
  const isNamed = eventsFile !== undefined || idsFile !== undefined;
  return hasFilter || !isNamed ? filter : undefined;
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
  const amount = `${toByteWords(bytes)}, ${toDurationWords(seconds)} of audio`;
  return [
    `fetched ${toCountWords(fetched.length, "recording")} (${amount}); ${count("already")} already there, ${count("skipped")} skipped, ${count("failed")} failed`,
    ...toEvidenceLines(fetched),
    `archive: ${location}`,
  ];
}

/** Says what is known of the fetched bytes, the best first. */
function toEvidenceLines(fetched: readonly FetchResult[]): readonly string[] {
  const words = [
    ["vendor-digest", "proven by the vendor's own sha256"],
    ["http-digest", "proven by the digest that the server sent with them"],
    ["two-reads", "read twice over separate connections, and equal"],
    ["size-only", "of the size that the vendor states, and proven by nothing more"],
    ["none", "proven by nothing"],
  ] as const;
  const counted = words.map(
    ([grade, text]) => [text, fetched.filter(({ evidence }) => evidence === grade).length] as const,
  );
  const unchecked = fetched.filter(
    ({ evidence, webhookSignature }) => evidence === "vendor-digest" && webhookSignature === "not-checked",
  ).length;
  const lines = counted
    .filter(([, count]) => count > 0)
    .map(([text, count]) => `${text}: ${count} of ${fetched.length}`);
  if (unchecked === 0) return lines;
  return [
    ...lines,
    `${unchecked} of these digests came in webhooks whose signature was not checked: there is no secret`,
  ];
}
