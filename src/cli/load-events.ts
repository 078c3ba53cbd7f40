import { loadSecret } from "../config/load-secret.ts";
import type { Secret } from "../core/secret.ts";
import { type EventFile, readEventFile } from "../ingest/read-events.ts";
import type { CommandContext } from "./command.ts";

/**
 * Reads files of webhook events as one. Signatures are checked if the webhooks' secret is configured.
 *
 * @throws {NotFoundError} one of the files is not there.
 */
export async function loadEvents(paths: readonly string[], context: CommandContext): Promise<EventFile> {
  const secret = await loadWebhookSecret(context);
  const files: EventFile[] = [];
  for (const path of paths) files.push(await readEventFile(path, secret));
  return {
    events: files.flatMap(({ events }) => events),
    failures: files.flatMap(({ failures }) => failures),
    findings: files.flatMap(({ findings }) => findings),
  };
}

/** Loads the webhooks' secret, if one is configured. */
export function loadWebhookSecret({ config, environment, output }: CommandContext): Promise<Secret | undefined> {
  const source = { file: config.settings.webhookSecretFile, value: environment["AUDIAN_WEBHOOK_SECRET"] };
  return loadSecret(source, (warning) => output.noteOnce(warning));
}
