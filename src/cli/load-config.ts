import { readFile } from "node:fs/promises";
import { ConfigError } from "../config/errors.ts";
import { type Config, resolveConfig } from "../config/resolve-config.ts";
import { isThere } from "../io/is-there.ts";
import type { GlobalFlags } from "./parse-command-line.ts";

/** Read from the working folder when no other file is named, and only if it is there. */
const DEFAULT_CONFIG_FILE = "holdfast.config.json";

/**
 * Reads the configuration file, if any, and decides every setting.
 *
 * @throws {ConfigError} the file that was named is not there, or a value cannot be used.
 */
export async function loadConfig(
  { settings, configFile }: Pick<GlobalFlags, "settings" | "configFile">,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Config> {
  const path = configFile ?? ((await isThere(DEFAULT_CONFIG_FILE)) ? DEFAULT_CONFIG_FILE : undefined);
  const file = path === undefined ? undefined : { path, text: await readConfigFile(path) };
  return resolveConfig({ flags: settings, environment, file });
}

async function readConfigFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new ConfigError(`cannot read the configuration file: ${path}`, { cause: error });
  }
}
