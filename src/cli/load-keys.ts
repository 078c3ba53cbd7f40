import { openKeys } from "../compose.ts";
import { toKeyPlaces } from "../config/encryption-settings.ts";
import type { KeyProvider } from "../encryption/key-provider.ts";
import type { CommandContext } from "./command.ts";

/**
 * Loads the operator's keys for encryption; undefined when none is configured.
 *
 * @throws {KeyInvalidError} one cannot be read, or is none.
 */
export async function loadKeys({
  config,
  environment,
}: Pick<CommandContext, "config" | "environment">): Promise<KeyProvider | undefined> {
  const places = toKeyPlaces(config);
  return places && openKeys(places, environment);
}
