import { resolve } from "node:path";
import { tryParseByteCount } from "../core/byte-count.ts";
import { tryParseDurationMs } from "../core/duration.ts";
import type { VerifyLevel } from "../core/verification.ts";
import { ConfigError } from "./errors.ts";
import type { Config } from "./resolve-config.ts";

/** What is set for verifying the archive in one place; undefined where nothing is. */
export interface VerifySettings {
  readonly level: VerifyLevel | undefined;
  readonly maxAgeMs: number | undefined;
  readonly budgetMs: number | undefined;
  readonly budgetBytes: number | undefined;
  readonly readers: number | undefined;
  readonly maxBytesPerSecond: number | undefined;
}

/**
 * Finds what the configuration file sets for the archive in a place. Paths are compared as absolute ones; relative paths,
 * in the file as well, count from the working folder, as everywhere.
 *
 * @throws {ConfigError} two entries are about this place.
 */
export function toLocationSettings(
  { locations, filePath }: Pick<Config, "locations" | "filePath">,
  archivePath: string,
): VerifySettings {
  const matches = Object.entries(locations).filter(([path]) => resolve(path) === resolve(archivePath));
  if (matches.length > 1) {
    const names = matches.map(([path]) => path).join(" and ");
    throw new ConfigError(`${filePath}: locations has two entries for one place: ${names}`);
  }
  const [, entry = {}] = matches[0] ?? [];
  return {
    level: entry.level,
    maxAgeMs: toNumber(entry.maxAge, tryParseDurationMs),
    budgetMs: toNumber(entry.budget, tryParseDurationMs),
    budgetBytes: toNumber(entry.budgetBytes, tryParseByteCount),
    readers: entry.readers,
    maxBytesPerSecond: toNumber(entry.maxBytesPerSecond, tryParseByteCount),
  };
}

/** What cannot be read was refused with the file. */
function toNumber(value: string | number | undefined, tryParse: (text: string) => number | undefined) {
  return value === undefined ? undefined : tryParse(String(value));
}
