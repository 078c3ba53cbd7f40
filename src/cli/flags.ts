import type { ArgumentsCamelCase } from "yargs";
import { tryParseByteCount } from "../core/byte-count.ts";
import { tryParseInstant } from "../core/clock.ts";
import { tryParseDurationMs } from "../core/duration.ts";
import { UsageError } from "./errors.ts";

const DURATION_HINT = "write 30d, 12h, 2h30m, 90s or 4w, of more than nothing";
const BYTE_COUNT_HINT = "write 4096, 50MB, 1.5GB or 1GiB, of more than nothing";

/**
 * Reads a flag that takes one text.
 *
 * @throws {UsageError} it was given more than once, which yargs makes an array of, or is empty.
 */
export function optionalString(argv: ArgumentsCamelCase, name: string): string | undefined {
  const value = argv[name];
  if (value === undefined) return undefined;
  if (typeof value === "string" && value !== "") return value;
  throw new UsageError(`${toFlag(name)} takes one value`);
}

/**
 * Reads a flag that must be there and takes one text.
 *
 * @throws {UsageError} it is not there, was given more than once or is empty.
 */
export function requiredString(argv: ArgumentsCamelCase, name: string): string {
  const value = optionalString(argv, name);
  if (value === undefined) throw new UsageError(`${toFlag(name)} is missing`);
  return value;
}

/**
 * Reads a flag that takes an instant, as epoch milliseconds.
 *
 * @throws {UsageError} it is none, or was given more than once.
 */
export function optionalInstant(argv: ArgumentsCamelCase, name: string): number | undefined {
  const text = optionalString(argv, name);
  if (text === undefined) return undefined;
  const epochMs = tryParseInstant(text);
  if (epochMs !== undefined) return epochMs;
  throw new UsageError(`${toFlag(name)} is no instant: ${text}`, { hint: "write 2024-01-15 or 2024-01-15T10:30:00Z" });
}

/**
 * Reads a flag that takes a length of time such as `30d` or `2h30m`, as milliseconds. yargs must take it as a string.
 *
 * @throws {UsageError} it is none, or was given more than once.
 */
export function optionalDurationMs(argv: ArgumentsCamelCase, name: string): number | undefined {
  const text = optionalString(argv, name);
  if (text === undefined) return undefined;
  const durationMs = tryParseDurationMs(text);
  if (durationMs !== undefined) return durationMs;
  throw new UsageError(`${toFlag(name)} is no length of time: ${text}`, { hint: DURATION_HINT });
}

/**
 * Reads a flag that takes a number of bytes such as `50MB` or `1GiB`. yargs must take it as a string.
 *
 * @throws {UsageError} it is none, or was given more than once.
 */
export function optionalByteCount(argv: ArgumentsCamelCase, name: string): number | undefined {
  const text = optionalString(argv, name);
  if (text === undefined) return undefined;
  const bytes = tryParseByteCount(text);
  if (bytes !== undefined) return bytes;
  throw new UsageError(`${toFlag(name)} is no number of bytes: ${text}`, { hint: BYTE_COUNT_HINT });
}

/**
 * Reads a flag that takes one number.
 *
 * @throws {UsageError} it is no number, or was given more than once.
 */
export function optionalNumber(argv: ArgumentsCamelCase, name: string): number | undefined {
  const value = argv[name];
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new UsageError(`${toFlag(name)} takes one number`);
}

/**
 * Reads a flag that takes one whole number.
 *
 * @throws {UsageError} it is none, is smaller than `min`, or was given more than once.
 */
export function optionalWhole(argv: ArgumentsCamelCase, name: string, min: number): number | undefined {
  const value = optionalNumber(argv, name);
  if (value === undefined || (Number.isSafeInteger(value) && value >= min)) return value;
  throw new UsageError(`${toFlag(name)} takes a whole number from ${min} on`);
}

/**
 * Reads a flag that may take one word of a list.
 *
 * @throws {UsageError} it is another word; the message names those of the list.
 */
export function optionalOneOf<T extends string>(
  argv: ArgumentsCamelCase,
  name: string,
  words: readonly T[],
): T | undefined {
  return argv[name] === undefined ? undefined : oneOf(argv, name, words);
}

/**
 * Reads a flag that takes one word of a list.
 *
 * @throws {UsageError} it is another word; the message names those of the list.
 */
export function oneOf<T extends string>(argv: ArgumentsCamelCase, name: string, words: readonly T[]): T {
  const value = optionalString(argv, name);
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) throw new UsageError(`${toFlag(name)} takes ${words.join(", ")}`);
  return word;
}

/**
 * Reads the positional arguments of a command of one word that takes any number of texts. What stands behind `--`, where
 * names may begin with a dash, yargs puts behind the command's own name.
 */
export function positionals(argv: ArgumentsCamelCase, name: string): readonly string[] {
  const value = argv[name];
  const behindDashes = argv._.slice(1);
  return [...(Array.isArray(value) ? value : []), ...behindDashes].map(String);
}

/**
 * Refuses `--dry-run` for a command that cannot say beforehand what it would do.
 *
 * @throws {UsageError} it was given.
 */
export function refuseDryRun(argv: ArgumentsCamelCase, command: string): void {
  if (argv["dryRun"] === true) throw new UsageError(`${command} has no dry run`);
}

function toFlag(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
