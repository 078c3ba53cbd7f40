import type { ArgumentsCamelCase, Argv } from "yargs";
import type { DownloadLimits } from "../ingest/download-task.ts";
import type { ListFilter } from "../vendor/recording-source.ts";
import { UsageError } from "./errors.ts";
import { optionalNumber, optionalOneOf, optionalString, optionalWhole } from "./flags.ts";
import type { FetchSpeed } from "./open-fetch.ts";
import { addListFilter, toListFilter } from "./vendor-flags.ts";

/** The flags of `fetch`. */
export interface FetchFlags {
  readonly filter: ListFilter;
  readonly idsFile: string | undefined;
  readonly eventsFile: string | undefined;
  readonly speed: FetchSpeed;
  readonly limits: DownloadLimits;
  readonly watch: boolean;
  /** How long to wait between two looks at the list while watching. */
  readonly pollSeconds: number;
  /** The port that webhooks are received on while watching. */
  readonly listenPort: number | undefined;
  readonly dryRun: boolean;
}

const EVIDENCE_WISHES = ["two-reads"] as const;
const DEFAULT_POLL_SECONDS = 60;
/** A day; timers of Node take no more than 24 of them. */
const MAX_POLL_SECONDS = 86_400;

/** Declares the flags of `fetch`. */
export function addFetchFlags(yargs: Argv): Argv {
  return addListFilter(yargs)
    .option("ids", {
      type: "string",
      requiresArg: true,
      describe: "File of recording ids, one a line: fetch these, and what the list gives if a filter is set too",
    })
    .option("events", {
      type: "string",
      requiresArg: true,
      describe: "NDJSON file of webhook events: fetch what they name, and what the list gives if a filter is set too",
    })
    .option("evidence", {
      choices: EVIDENCE_WISHES,
      describe: "Download what no digest of the vendor's proves twice, and compare",
    })
    .option("rate", { type: "string", requiresArg: true, describe: "Requests per second at most, such as 5/s" })
    .option("max-bytes-per-second", {
      type: "string",
      requiresArg: true,
      describe: "For all downloads together, such as 500k or 2M",
    })
    .option("max-file-size", {
      type: "string",
      requiresArg: true,
      describe: "Break longer bodies off, in place of the size that the vendor states, such as 2G",
    })
    .option("watch", { type: "boolean", default: false, describe: "Go on fetching what comes, until Ctrl-C" })
    .option("poll", {
      type: "number",
      requiresArg: true,
      describe: "With --watch: seconds between two looks at the list (60)",
    })
    .option("listen", {
      type: "number",
      requiresArg: true,
      describe: "With --watch: receive webhooks on this port of 127.0.0.1 (needs the webhooks' secret)",
    });
}

/**
 * Reads what {@link addFetchFlags} declares.
 *
 * @throws {UsageError} they cannot be used, or not together.
 */
export function toFetchFlags(argv: ArgumentsCamelCase): FetchFlags {
  const flags = {
    filter: toListFilter(argv),
    idsFile: optionalString(argv, "ids"),
    eventsFile: optionalString(argv, "events"),
    speed: { perSecond: optionalRate(argv), bytesPerSecond: optionalBytes(argv, "maxBytesPerSecond") },
    limits: {
      maxFileSizeBytes: optionalBytes(argv, "maxFileSize"),
      readsTwice: optionalOneOf(argv, "evidence", EVIDENCE_WISHES) === "two-reads",
    },
    watch: argv["watch"] === true,
    pollSeconds: toPollSeconds(argv),
    listenPort: optionalWhole(argv, "listen", 0),
    dryRun: argv["dryRun"] === true,
  };
  for (const name of ["listen", "poll"]) {
    if (argv[name] !== undefined && !flags.watch) throw new UsageError(`--${name} goes with --watch`);
  }
  if (flags.watch && flags.dryRun) throw new UsageError("--watch has no dry run");
  return flags;
}

function toPollSeconds(argv: ArgumentsCamelCase): number {
  const seconds = optionalNumber(argv, "poll") ?? DEFAULT_POLL_SECONDS;
  if (seconds > 0 && seconds <= MAX_POLL_SECONDS) return seconds;
  throw new UsageError(`--poll takes a number of seconds above 0 and up to ${MAX_POLL_SECONDS}`);
}

/**
 * Reads `--rate`, in requests per second.
 *
 * @throws {UsageError} it is no such number.
 */
export function optionalRate(argv: ArgumentsCamelCase): number | undefined {
  const text = optionalString(argv, "rate");
  if (text === undefined) return undefined;
  const rate = Number(text.replace(/\/s$/, ""));
  if (Number.isFinite(rate) && rate > 0) return rate;
  throw new UsageError(`--rate takes a number of requests per second, such as 5/s: ${text}`);
}

const UNITS: Readonly<Record<string, number>> = { "": 1, k: 1000, m: 1000 ** 2, g: 1000 ** 3 };

function optionalBytes(argv: ArgumentsCamelCase, name: "maxBytesPerSecond" | "maxFileSize"): number | undefined {
  const text = optionalString(argv, name);
  if (text === undefined) return undefined;
  const match = /^(\d+(?:\.\d+)?)([kmg]?)$/i.exec(text);
  const bytes = Number(match?.[1]) * (UNITS[match?.[2]?.toLowerCase() ?? ""] ?? 1);
  if (bytes >= 1) return Math.floor(bytes);
  const flag = name === "maxFileSize" ? "--max-file-size" : "--max-bytes-per-second";
  throw new UsageError(`${flag} takes a number of bytes, such as 500k, 2M or 1G: ${text}`);
}
