import { Doorbell } from "../async/doorbell.ts";
import { ConfigError } from "../config/errors.ts";
import { toNoticeRules } from "../config/notice-rules.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { RunReport } from "../core/report.ts";
import { EventLog } from "../ingest/event-log.ts";
import type { FetchPorts } from "../ingest/fetch-plan.ts";
import type { FetchResult } from "../ingest/fetch-run.ts";
import { watchFetch } from "../ingest/fetch-watch.ts";
import { openReceiver, type Receiver } from "../receiver/receiver.ts";
import type { StoredEvent } from "../vendor/event-file.ts";
import type { CommandContext } from "./command.ts";
import type { FetchFlags } from "./fetch-flags.ts";
import { toForecast } from "./fetch-forecast.ts";
import { IncomingEvents } from "./incoming-events.ts";
import { loadWebhookSecret } from "./load-events.ts";
import type { FetchKit } from "./open-fetch.ts";
import { toReceivedEventsPath } from "./received-events.ts";
import { toCountWords } from "./wording.ts";

/** What `fetch --watch` goes by. */
export interface WatchInput {
  readonly flags: FetchFlags;
  readonly recordingIds: readonly RecordingId[];
  /** What the archive has received before. */
  readonly knownEvents: readonly StoredEvent[];
  readonly kit: FetchKit;
  readonly context: CommandContext;
}

/**
 * Fetches until the user says stop, telling of each round that brought something.
 *
 * @throws {ConfigError} webhooks are to be received, and there is no secret to check them with.
 */
export async function runWatch(archive: FetchPorts["archive"], input: WatchInput): Promise<RunReport<FetchResult>> {
  const { flags, recordingIds, knownEvents, kit, context } = input;
  const { output, clock, signal } = context;
  const bell = new Doorbell();
  const incoming = new IncomingEvents(flags.eventsFile, await loadWebhookSecret(context));
  const receiver = await openOwnReceiver(input, { incoming, bell });
  try {
    const request = { filter: flags.filter, recordingIds, knownEvents, takeEvents: () => incoming.take() };
    return await watchFetch({ archive, ...kit }, request, {
      ...kit.patience,
      concurrency: kit.concurrency,
      limits: flags.limits,
      callerChannel: context.config.settings.callerChannel,
      notices: toNoticeRules(context.config),
      pollMs: flags.pollSeconds * 1000,
      clock,
      signal,
      bell,
      onPlan: (plan) => {
        const isNews = plan.items.some(({ action }) => action.type === "download");
        if (isNews) output.note(toForecast(plan));
      },
      onRound: (report) => {
        const { done, failed } = report.counts;
        if (done + failed > 0) output.note(`fetched ${toCountWords(done, "recording")}, ${failed} failed`);
      },
      onTrouble: (error) => output.error(`${toMessage(error)}; trying again in ${flags.pollSeconds} s`),
    });
  } finally {
    await receiver?.close();
  }
}

async function openOwnReceiver(
  { flags: { listenPort: port }, context }: WatchInput,
  { incoming, bell }: { readonly incoming: IncomingEvents; readonly bell: Doorbell },
): Promise<Receiver | undefined> {
  if (port === undefined) return undefined;
  const { config, clock, output } = context;
  const { secret } = incoming;
  if (secret === undefined) {
    throw new ConfigError("webhooks cannot be received without the secret that they are signed with", {
      hint: "set AUDIAN_WEBHOOK_SECRET, or name a file that holds it with --webhook-secret-file",
    });
  }
  const log = await EventLog.open(toReceivedEventsPath(config));
  const onEvent = (event: StoredEvent) => {
    incoming.add(event);
    bell.ring();
  };
  const onFailure = (error: unknown) => output.error(`a webhook could not be kept: ${toMessage(error)}`);
  const receiver = await openReceiver({ port, secret, log, clock, onEvent, onFailure });
  output.note(`webhooks are received at ${receiver.url}`);
  return receiver;
}

function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
