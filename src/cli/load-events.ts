import { loadSecret } from "../config/load-secret.ts";
import type { Secret } from "../core/secret.ts";
import { type EventFile, readEventFile } from "../ingest/read-events.ts";
import type { CommandContext } from "./command.ts";

/**
 * Reads files of webhook events as one. Signatures are checked if the webhooks' secret is configured.
 *
 * @throws {NotFoundError} one of the files is not there.
 */
export async function loadEvents(
  paths: readonly string[],
  { config, environment }: Pick<CommandContext, "config" | "environment">,
): Promise<EventFile> {
  const secret = await loadWebhookSecret({ config, environment });
  const files: EventFile[] = [];
  for (const path of paths) files.push(await readEventFile(path, secret));
  return {
    events: files.flatMap(({ events }) => events),
    failures: files.flatMap(({ failures }) => failures),
    findings: files.flatMap(({ findings }) => findings),
  };
}

/** Loads the webhooks' secret, if one is configured. */
export function loadWebhookSecret({
  config,
  environment,
}: Pick<CommandContext, "config" | "environment">): Promise<Secret | undefined> {
  return loadSecret({ file: config.settings.webhookSecretFile, value: environment["AUDIAN_WEBHOOK_SECRET"] });
}
