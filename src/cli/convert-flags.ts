import type { ArgumentsCamelCase, Argv } from "yargs";
import { AUDIO_FORMATS, type AudioFormat, isAudioFormat } from "../core/audio-format.ts";
import { EFFORTS, PARTICIPANTS, type Profile, toProfile } from "../core/profile.ts";
import { CHECK_LEVELS, type CheckLevel } from "../transcode/convert-job.ts";
import { CONFLICT_POLICIES, type ConflictPolicy } from "../transcode/file-job.ts";
import { LOSSY_POLICIES, type LossyPolicy } from "../transcode/treatment.ts";
import { UsageError } from "./errors.ts";
import { optionalNumber, optionalOneOf, optionalString, positionals } from "./flags.ts";

/** The flags of `convert` that say what is made, and how. */
export interface ConvertFlags {
  readonly inputs: readonly string[];
  /** A file that lists more inputs. */
  readonly list: string | undefined;
  readonly profiles: readonly Profile[];
  readonly lossy: LossyPolicy;
  readonly check: CheckLevel;
  readonly outFolder: string | undefined;
  readonly onConflict: ConflictPolicy;
  readonly sandbox: boolean;
  /** Where the report goes beside stdout. */
  readonly reportPath: string | undefined;
  /** A record of conversions that are to be made again. */
  readonly reproduce: string | undefined;
  readonly dryRun: boolean;
}

/** Declares the flags. */
export function declareConvertFlags(yargs: Argv): Argv {
  const text = { type: "string", requiresArg: true } as const;
  const number = { type: "number", requiresArg: true } as const;
  return yargs
    .positional("input", { type: "string", array: true, describe: "Files, folders (all recordings below) or globs" })
    .option("to", { ...text, describe: `Formats, by commas: ${AUDIO_FORMATS.join(", ")}` })
    .option("list", { ...text, describe: "More inputs: a CSV with a column path, NDJSON with path, or a path a line" })
    .option("bitrate", { ...number, describe: "kbps (default: mp3 64, opus 32; wav has none)" })
    .option("cbr", { type: "boolean", describe: "Opus at the very bitrate: 240 kB a minute at 32 kbps" })
    .option("sample-rate", { ...number, describe: "Hz: 8000, 16000 (default), opus also 48000" })
    .option("channels", { ...number, describe: "1 (default) or 2" })
    .option("participant", { ...text, describe: "Whose voice: all (default), caller or callee" })
    .option("effort", { ...text, describe: "How hard the encoder tries: fast, default or best" })
    .option("lossy", { ...text, describe: "Lossy to lossy: allow (default; the record says so) or refuse" })
    .option("verify", {
      ...text,
      describe: "Check of each output: structure (default), or deep: decode it and compare its loudness, too",
    })
    .option("out", { ...text, describe: "Folder for the outputs (default: beside each input)" })
    .option("on-conflict", {
      ...text,
      describe:
        "When a file stands where an output belongs: skip (default) if its record and bytes are right, replace, fail",
    })
    .option("sandbox", { type: "boolean", describe: "Run ffmpeg in a sandbox: bubblewrap, else systemd-run" })
    .option("report", { ...text, describe: "Write the report to a file, too: .csv or .html" })
    .option("reproduce", { ...text, describe: "Make again what a sidecar or record tells of, and compare the bytes" });
}

/**
 * Reads the flags.
 *
 * @throws {UsageError} they cannot be used together.
 * @throws {ProfileError} no profile is like that.
 */
export function toConvertFlags(argv: ArgumentsCamelCase): ConvertFlags {
  const flags = {
    inputs: positionals(argv, "input"),
    list: optionalString(argv, "list"),
    profiles: toProfiles(argv),
    lossy: optionalOneOf(argv, "lossy", LOSSY_POLICIES) ?? "allow",
    check: optionalOneOf(argv, "verify", CHECK_LEVELS) ?? "structure",
    outFolder: optionalString(argv, "out"),
    onConflict: optionalOneOf(argv, "onConflict", CONFLICT_POLICIES) ?? "skip",
    sandbox: argv["sandbox"] === true,
    reportPath: optionalString(argv, "report"),
    reproduce: optionalString(argv, "reproduce"),
    dryRun: argv["dryRun"] === true,
  };
  const hasInputs = flags.inputs.length > 0 || flags.list !== undefined;
  if (flags.reproduce !== undefined) assertOnlyReproduce(argv, hasInputs);
  else if (flags.profiles.length === 0) throw new UsageError("--to is missing");
  if (!hasInputs && flags.outFolder !== undefined) {
    throw new UsageError("--out goes with inputs: what is made from the archive stays in the archive");
  }
  if (!hasInputs && argv["onConflict"] !== undefined) {
    throw new UsageError("--on-conflict goes with inputs: in the archive the record decides");
  }
  return flags;
}

/** What is made again is made as it was made the first time. */
function assertOnlyReproduce(argv: ArgumentsCamelCase, hasInputs: boolean): void {
  const settings = [
    "to",
    "bitrate",
    "cbr",
    "sampleRate",
    "channels",
    "participant",
    "callerChannel",
    "effort",
    "lossy",
  ];
  const others = [...settings, "verify", "out", "onConflict", "report", "dryRun"].filter(
    (name) => (argv[name] ?? false) !== false,
  );
  if (hasInputs || others.length > 0) {
    throw new UsageError("--reproduce takes its inputs and settings from the record alone");
  }
}

function toProfiles(argv: ArgumentsCamelCase): readonly Profile[] {
  const choice = {
    bitrateKbps: optionalNumber(argv, "bitrate"),
    cbr: argv["cbr"] === true,
    sampleRateHz: optionalNumber(argv, "sampleRate"),
    channels: toChannels(optionalNumber(argv, "channels")),
    effort: optionalOneOf(argv, "effort", EFFORTS),
    participant: optionalOneOf(argv, "participant", PARTICIPANTS),
  };
  return toFormats(optionalString(argv, "to")).map((format) => toProfile(format, choice));
}

function toFormats(list: string | undefined): readonly AudioFormat[] {
  if (list === undefined) return [];
  const names = [...new Set(list.split(",").map((name) => name.trim()))];
  return names.map((name) => {
    if (isAudioFormat(name)) return name;
    throw new UsageError(`--to does not know ${JSON.stringify(name)}: choose of ${AUDIO_FORMATS.join(", ")}`);
  });
}

function toChannels(channels: number | undefined): 1 | 2 | undefined {
  if (channels === undefined || channels === 1 || channels === 2) return channels;
  throw new UsageError("--channels takes 1 or 2");
}
