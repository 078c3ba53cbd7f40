import { ConfigError } from "../config/errors.ts";
import { loadSecret } from "../config/load-secret.ts";
import type { Secret } from "../core/secret.ts";
import type { CommandContext } from "./command.ts";

/**
 * Loads the vendor's key.
 *
 * @throws {ConfigError} there is none, or it cannot be read.
 */
export async function loadApiKey({ config, environment }: CommandContext): Promise<Secret> {
  const apiKey = await loadSecret({ file: config.settings.apiKeyFile, value: environment["AUDIAN_API_KEY"] });
  if (apiKey !== undefined) return apiKey;
  throw new ConfigError("no API key", { hint: "set AUDIAN_API_KEY, or name a file that holds it with --api-key-file" });
}
