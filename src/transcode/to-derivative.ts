import type { ConversionSettings, Derivative } from "../archive/schema.ts";
import { toStoredAudio } from "../archive/stored-audio.ts";
import type { Identity } from "../audio/identify.ts";
import { toIsoInstant } from "../core/clock.ts";
import type { CallerChannel } from "../core/profile.ts";
import { type Profile, toProfileName } from "../core/profile.ts";
import { TOOL_VERSION } from "../core/tool-version.ts";
import type { CheckLevel } from "./convert-job.ts";
import type { EncodingRun } from "./encode.ts";

/** What the record of a conversion says. */
export interface Made {
  /** The output's path, as reports name it. */
  readonly path: string;
  /** Its name beside the record. */
  readonly file: string;
  readonly identity: Identity;
  readonly profile: Profile;
  readonly callerChannel: CallerChannel | undefined;
  readonly source: Identity;
  readonly remarks: readonly string[];
  /** How it was held against its source. */
  readonly check: CheckLevel;
  /** Undefined when the source was copied. */
  readonly run: EncodingRun | undefined;
  readonly nowMs: number;
}

/** Makes the record of a conversion: all that is needed to make the output again. */
export function toDerivative({ path, file, identity, profile, source, run, nowMs, ...made }: Made): Derivative {
  return {
    ...toStoredAudio(path, identity, () => file),
    profile: toProfileName(profile),
    settings: toSettings(profile, made.callerChannel),
    source: { sha256: source.sha256, packetSha256: source.packetSha256 ?? null },
    ffmpeg: run === undefined ? null : toFfmpegRecord(run),
    arguments: [...(run?.arguments ?? [])],
    elapsedMs: run?.elapsedMs ?? 0,
    outputsInRun: run?.outputsInRun ?? 0,
    check: made.check,
    remarks: [...made.remarks],
    madeAt: toIsoInstant(nowMs),
    tool: { name: "holdfast", version: TOOL_VERSION },
  };
}

function toFfmpegRecord({ ffmpeg: { path, version, sha256 } }: EncodingRun) {
  return { path, version, sha256 };
}

function toSettings(profile: Profile, callerChannel: CallerChannel | undefined): ConversionSettings {
  const { bitrateKbps, bitrateMode, sampleRateHz, channels, effort, participant } = profile;
  const settings = { bitrateKbps, bitrateMode, sampleRateHz, channels, effort, participant };
  return participant === "all" || callerChannel === undefined ? settings : { ...settings, callerChannel };
}

/** What a record must say for its output to be what is wanted now. */
export interface WantedConversion {
  readonly source: { readonly sha256: string };
  readonly profile: Profile;
  readonly callerChannel: CallerChannel | undefined;
  /** How thoroughly it must have been checked at least. */
  readonly check: CheckLevel;
}

/** Tells whether a record is of what is wanted now: made from this source, in this profile, of this party, and checked so. */
export function isMadeFrom({ source, profile, settings, check }: Derivative, wanted: WantedConversion): boolean {
  const { callerChannel } = wanted;
  return (
    source.sha256 === wanted.source.sha256 &&
    profile === toProfileName(wanted.profile) &&
    (settings.participant === "all" || callerChannel === undefined || settings.callerChannel === callerChannel) &&
    (wanted.check === "structure" || check === "deep")
  );
}
