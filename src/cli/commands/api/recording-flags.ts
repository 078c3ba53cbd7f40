import type { ArgumentsCamelCase, Argv } from "yargs";
import { AUDIO_FORMATS } from "../../../core/audio-format.ts";
import { toProfile } from "../../../core/profile.ts";
import { PARTICIPANTS } from "../../../core/recording.ts";
import { UsageError } from "../../errors.ts";
import { optionalNumber, optionalOneOf, optionalString } from "../../flags.ts";

/** What the page calls a format that is not named. See the API page, "MP3 Format". */
const DEFAULT_FORMAT = "mp3";

/** Declares how a recording is made. See the API page, "Recording Parameters". */
export function addSettingsFlags(yargs: Argv): Argv {
  return yargs
    .option("format", { type: "string", requiresArg: true, describe: `${AUDIO_FORMATS.join(", ")} (vendor: mp3)` })
    .option("participant", { type: "string", requiresArg: true, describe: `${PARTICIPANTS.join(", ")} (vendor: all)` })
    .option("bitrate", { type: "number", requiresArg: true, describe: "In kbit/s" })
    .option("sample-rate", { type: "number", requiresArg: true, describe: "In Hz" });
}

/**
 * Reads how a recording is made; what was not said is left to the vendor.
 *
 * @throws {UsageError} a word is none of the page's.
 * @throws {ProfileError} the format is not recorded so; the message names what is.
 */
export function toSettings(argv: ArgumentsCamelCase) {
  const format = optionalOneOf(argv, "format", AUDIO_FORMATS);
  const bitrate = optionalNumber(argv, "bitrate");
  const sampleRate = optionalNumber(argv, "sampleRate");
  toProfile(format ?? DEFAULT_FORMAT, { bitrateKbps: bitrate, sampleRateHz: sampleRate });
  return { format, participant: optionalOneOf(argv, "participant", PARTICIPANTS), bitrate, sample_rate: sampleRate };
}

/** Declares whether and how calls to come are recorded. See the API page, "Legal Notices" for the announcement. */
export function addCallRecordingFlags(yargs: Argv): Argv {
  return addSettingsFlags(yargs.option("record", { type: "boolean", describe: "Record; the flags below say how" }))
    .option("announce", { type: "boolean", describe: "Play a notice that the call is recorded" })
    .option("announcement", { type: "string", requiresArg: true, describe: "What the notice says" });
}

/**
 * Reads whether and how calls to come are recorded.
 *
 * @returns undefined when they are not.
 * @throws {UsageError} how was said, but not that.
 */
export function toCallRecording(argv: ArgumentsCamelCase) {
  const announcement = optionalString(argv, "announcement");
  const announce = argv["announce"] === true ? true : undefined;
  const recording = { ...toSettings(argv), announce, announcement };
  if (announcement !== undefined && !announce) throw new UsageError("--announcement needs --announce");
  if (argv["record"] === true) return { enabled: true, ...recording };
  if (Object.values(recording).every((value) => value === undefined)) return undefined;
  throw new UsageError("how to record is said, but not --record");
}
