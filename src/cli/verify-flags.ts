import type { ArgumentsCamelCase, Argv } from "yargs";
import { MAX_READERS, VERIFY_LEVELS, type VerifyLevel } from "../core/verification.ts";
import { UsageError } from "./errors.ts";
import {
  optionalByteCount,
  optionalDurationMs,
  optionalOneOf,
  optionalString,
  optionalWhole,
  positionals,
} from "./flags.ts";

/** The flags of `verify`; what is undefined is the location's, or the default. */
export interface VerifyFlags {
  /** None for the archive. */
  readonly paths: readonly string[];
  readonly manifest: string | undefined;
  readonly level: VerifyLevel | undefined;
  readonly maxAgeMs: number | undefined;
  readonly budgetMs: number | undefined;
  readonly budgetBytes: number | undefined;
  readonly readers: number | undefined;
  readonly maxBytesPerSecond: number | undefined;
  readonly nice: number | undefined;
  readonly quarantine: boolean;
  /** Where good copies are: a folder, `s3://bucket/prefix` or `vendor`. */
  readonly heal: string | undefined;
  readonly sandbox: boolean;
  readonly reportPath: string | undefined;
  /** A recording or a run whose history is wanted. */
  readonly history: string | undefined;
  readonly dryRun: boolean;
  /** Who may have signed a legal-hold package: an `allowed_signers` file, or a public key. */
  readonly signer: string | undefined;
  /** Where the certificates of its time stamp must lead. */
  readonly tsaCa: string | undefined;
  /** Whose the ledger is that its custody is of. */
  readonly publicKey: string | undefined;
}

/** The lowest priority that a system knows. */
const MAX_NICE = 19;

/** Declares the flags. */
export function declareVerifyFlags(yargs: Argv): Argv {
  const text = { type: "string", requiresArg: true } as const;
  const number = { type: "number", requiresArg: true } as const;
  return yargs
    .positional("path", {
      type: "string",
      array: true,
      describe:
        "Legal-hold packages, BagIt bags, sealed folders, checksum lists, archives, files (default: the archive)",
    })
    .option("level", {
      ...text,
      describe:
        "presence (there, with its size), digest (default), structure (its audio walked) or deep (decoded whole)",
    })
    .option("manifest", { ...text, describe: "A list of checksums that the folder PATH is held against" })
    .option("max-age", { ...text, describe: "Only what was not looked at for so long, oldest first: 30d, 12h" })
    .option("budget", { ...text, describe: "Begin nothing more after so long: 2h, 90m" })
    .option("budget-bytes", { ...text, describe: "Begin nothing more after so many bytes: 500GB, 1TiB" })
    .option("readers", {
      ...number,
      describe: "Files that are read at a time (default: as many as cores; 1 for a spinning disk)",
    })
    .option("max-bytes-per-second", { ...text, describe: "Read no faster than this, all readers together: 50MB" })
    .option("nice", { ...number, describe: "Priority that is given up, for processor and disk: 0 to 19" })
    .option("heal", {
      ...text,
      describe: "Restore what is damaged or missing from a copy: a folder, s3://bucket/prefix, vendor",
    })
    .option("quarantine", { type: "boolean", describe: "Move damaged files of the archive into its quarantine" })
    .option("sandbox", {
      type: "boolean",
      describe: "Run ffmpeg in a sandbox at level deep: bubblewrap, else systemd-run",
    })
    .option("report", { ...text, describe: "Write the report to a file, too: .html, .csv or .xml (PREMIS 3)" })
    .option("signer", {
      ...text,
      describe: "Who must have signed a legal-hold package: an allowed_signers file or a public key",
    })
    .option("tsa-ca", { ...text, describe: "PEM file of the roots that a package's time stamp must lead to" })
    .option("public-key", { ...text, describe: "The key of the ledger that a package's custody must be of" })
    .option("history", {
      ...text,
      describe: "Show what is known of verifying a recording, of a run, or of the last `runs`; verifies nothing",
    });
}

/**
 * Reads the flags.
 *
 * @throws {UsageError} they cannot be used together.
 */
export function toVerifyFlags(argv: ArgumentsCamelCase): VerifyFlags {
  const flags: VerifyFlags = {
    paths: positionals(argv, "path"),
    manifest: optionalString(argv, "manifest"),
    level: optionalOneOf(argv, "level", VERIFY_LEVELS),
    maxAgeMs: optionalDurationMs(argv, "maxAge"),
    budgetMs: optionalDurationMs(argv, "budget"),
    budgetBytes: optionalByteCount(argv, "budgetBytes"),
    readers: optionalWhole(argv, "readers", 1),
    maxBytesPerSecond: optionalByteCount(argv, "maxBytesPerSecond"),
    nice: optionalWhole(argv, "nice", 0),
    quarantine: argv["quarantine"] === true,
    heal: optionalString(argv, "heal"),
    sandbox: argv["sandbox"] === true,
    reportPath: optionalString(argv, "report"),
    history: optionalString(argv, "history"),
    dryRun: argv["dryRun"] === true,
    signer: optionalString(argv, "signer"),
    tsaCa: optionalString(argv, "tsaCa"),
    publicKey: optionalString(argv, "publicKey"),
  };
  if ((flags.readers ?? 0) > MAX_READERS)
    throw new UsageError(`--readers takes a whole number from 1 to ${MAX_READERS}`);
  if ((flags.nice ?? 0) > MAX_NICE) throw new UsageError(`--nice takes a whole number from 0 to ${MAX_NICE}`);
  if (flags.paths.includes("")) throw new UsageError("a path is empty; is a variable of the shell not set?");
  if (flags.manifest !== undefined && flags.paths.length > 1) throw new UsageError("--manifest goes with one PATH");
  return flags;
}

/**
 * Refuses what only an archive has, for it keeps what was looked at when.
 *
 * @throws {UsageError} such a flag was given.
 */
export function refuseArchiveFlags({ maxAgeMs, quarantine, heal, history }: VerifyFlags): void {
  const given = [
    ["--max-age", maxAgeMs],
    ["--quarantine", quarantine || undefined],
    ["--heal", heal],
    ["--history", history],
  ].flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (given.length > 0) throw new UsageError(`${given[0]} is for an archive, which keeps what was looked at when`);
}

/**
 * Refuses what only a legal-hold package has.
 *
 * @throws {UsageError} such a flag was given.
 */
export function refusePackageFlags({ signer, tsaCa, publicKey }: VerifyFlags, place: string): void {
  const given = [
    ["--signer", signer],
    ["--tsa-ca", tsaCa],
    ["--public-key", publicKey],
  ].flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (given.length > 0) throw new UsageError(`${given[0]} is for legal-hold packages, and this is none: ${place}`);
}
