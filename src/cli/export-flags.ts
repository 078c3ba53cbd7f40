import type { ArgumentsCamelCase, Argv } from "yargs";
import { AUDIO_FORMATS, type AudioFormat } from "../core/audio-format.ts";
import type { ExportSelection } from "../export/select-recordings.ts";
import { type BatesPrefix, tryParseBatesPrefix } from "../loadfile/bates.ts";
import { LOAD_FILE_PROFILES, type LoadFileProfile } from "../loadfile/profiles.ts";
import { PACKAGE_FORMS, type PackageForm } from "../packaging/container.ts";
import { optionalLine, toCase, toNamed, toTexts } from "./commands/hold/hold-flags.ts";
import { UsageError } from "./errors.ts";
import { optionalInstant, optionalOneOf, optionalString, positionals, requiredString } from "./flags.ts";

/** The flags of `export`. */
export interface ExportFlags {
  readonly case: string;
  readonly outFolder: string;
  readonly organisation: string | undefined;
  readonly selection: ExportSelection;
  /** A file that names more recordings. */
  readonly listFile: string | undefined;
  readonly paths: readonly string[];
  readonly form: PackageForm;
  readonly listeningFormat: AudioFormat | undefined;
  readonly loadFile: LoadFileProfile | undefined;
  readonly batesPrefix: BatesPrefix | undefined;
  readonly keyPath: string | undefined;
  readonly tsaUrl: string | undefined;
  /** Certificates that the time stamp's chain must lead to. */
  readonly tsaCaPath: string | undefined;
  readonly dryRun: boolean;
}

/** Declares the flags of `export`. */
export function addExportFlags(yargs: Argv): Argv {
  const text = { type: "string", requiresArg: true } as const;
  const texts = { ...text, array: true } as const;
  return yargs
    .positional("file", { type: "string", array: true, describe: "Files and folders that were never in an archive" })
    .option("case", { ...text, describe: "The matter that it is for; names the package" })
    .option("out", { ...text, describe: "Folder in which the package gets its name" })
    .option("hold", { ...texts, describe: "What the holds of these cases catch" })
    .option("recording", { ...texts, describe: "Recordings, by their ids" })
    .option("call-id", { ...texts, describe: "All recordings of these calls" })
    .option("list", { ...text, describe: "File of recording ids, one a line" })
    .option("since", { ...text, describe: "Of these, or of all: those created at or after this instant" })
    .option("until", { ...text, describe: "Of these, or of all: those created before this instant" })
    .option("package", { ...text, describe: `${PACKAGE_FORMS.join(", ")} (default: dir)` })
    .option("with", { ...text, describe: `Add copies for listening: ${AUDIO_FORMATS.join(", ")}` })
    .option("loadfile", { ...text, describe: `Add a load file: ${LOAD_FILE_PROFILES.join(", ")}` })
    .option("bates", { ...text, describe: "Name originals by Bates numbers that begin so" })
    .option("organisation", { ...text, describe: "Whose recordings they are" })
    .option("sign", { ...text, describe: "OpenSSH Ed25519 key that signs the package" })
    .option("tsa", { ...text, describe: "Address of a time stamping authority (RFC 3161)" })
    .option("tsa-ca", { ...text, describe: "Certificates that the authority's must lead to, PEM" });
}

/**
 * Reads what {@link addExportFlags} declares.
 *
 * @throws {UsageError} they cannot be used, or not together.
 * @throws {UnsafeNameError} the id of a recording is none.
 */
export function toExportFlags(argv: ArgumentsCamelCase): ExportFlags {
  const tsaUrl = optionalAddress(argv, "tsa");
  const tsaCaPath = optionalString(argv, "tsaCa");
  if (tsaCaPath !== undefined && tsaUrl === undefined) throw new UsageError("--tsa-ca goes with --tsa");
  return {
    case: toCase(requiredString(argv, "case")),
    outFolder: requiredString(argv, "out"),
    organisation: optionalLine(argv, "organisation"),
    selection: toSelection(argv),
    listFile: optionalString(argv, "list"),
    paths: positionals(argv, "file"),
    form: optionalOneOf(argv, "package", PACKAGE_FORMS) ?? "dir",
    listeningFormat: optionalOneOf(argv, "with", AUDIO_FORMATS),
    loadFile: optionalOneOf(argv, "loadfile", LOAD_FILE_PROFILES),
    batesPrefix: toBatesPrefix(optionalString(argv, "bates")),
    keyPath: optionalString(argv, "sign"),
    tsaUrl,
    tsaCaPath,
    dryRun: argv["dryRun"] === true,
  };
}

function toSelection(argv: ArgumentsCamelCase): ExportSelection {
  const [sinceMs, untilMs] = [optionalInstant(argv, "since"), optionalInstant(argv, "until")];
  if (sinceMs !== undefined && untilMs !== undefined && sinceMs >= untilMs) {
    throw new UsageError("--until is not later than --since, so that nothing would fit");
  }
  return { holdCases: toTexts(argv["hold"]).map(toCase), ...toNamed(argv), sinceMs, untilMs };
}

function optionalAddress(argv: ArgumentsCamelCase, name: string): string | undefined {
  const text = optionalString(argv, name);
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // What was given is not repeated: it may hold a password.
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    throw new UsageError(`--${name} takes an address that begins with http:// or https://`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new UsageError(`--${name} takes no password: everybody on this machine can read the command line`);
  }
  return text;
}

function toBatesPrefix(text: string | undefined): BatesPrefix | undefined {
  if (text === undefined) return undefined;
  const prefix = tryParseBatesPrefix(text);
  if (prefix !== undefined) return prefix;
  throw new UsageError(`--bates takes up to 40 letters, digits, dots, dashes and underscores: ${text}`);
}
