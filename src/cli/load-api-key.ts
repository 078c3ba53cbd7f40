import { ConfigError } from "../config/errors.ts";
import { loadSecret } from "../config/load-secret.ts";
import type { Secret } from "../core/secret.ts";
import type { CommandContext } from "./command.ts";

/**
 * Loads the vendor's key.
 *
 * @throws {ConfigError} there is none, or it cannot be read.
 */
export async function loadApiKey({ config, environment, output }: CommandContext): Promise<Secret> {
  const source = { file: config.settings.apiKeyFile, value: environment["AUDIAN_API_KEY"] };
  const apiKey = await loadSecret(source, (warning) => output.noteOnce(warning));
  if (apiKey !== undefined) return apiKey;
  throw new ConfigError("no API key", { hint: "set AUDIAN_API_KEY, or name a file that holds it with --api-key-file" });
}
