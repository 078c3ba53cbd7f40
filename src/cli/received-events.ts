import { join } from "node:path";
import type { Config } from "../config/resolve-config.ts";
import { isThere } from "../io/is-there.ts";

/** Gives the file in which an archive keeps the webhooks that it received live. */
export function toReceivedEventsPath({ settings }: Config): string {
  return join(settings.archive, "events", "received.ndjson");
}

/** Lists the archive's own file of webhooks, if it has one. */
export async function listReceivedEvents(config: Config): Promise<readonly string[]> {
  const path = toReceivedEventsPath(config);
  return (await isThere(path)) ? [path] : [];
}
