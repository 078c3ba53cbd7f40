import type { StoredAudio } from "../archive/schema.ts";
import { NotAudioError } from "../archive/stored-audio.ts";
import type { Identity } from "../audio/identify.ts";
import type { Structure } from "../audio/structure.ts";
import { DigestMismatchError } from "../core/errors.ts";
import { type Profile, toProfileName } from "../core/profile.ts";
import type { Ended } from "../core/run-log.ts";
import type { EncodingRun } from "./encode.ts";
import { LossyRefusedError, OutputExistsError, ParticipantUnknownError, UnsupportedMediaError } from "./errors.ts";

/** What is known of one side of a conversion. */
export interface ConvertedFile {
  readonly path: string;
  readonly sizeBytes?: number;
  readonly sha256?: string;
  readonly packetSha256?: string | null;
  readonly format?: string;
  readonly codec?: string;
  readonly bitrateKbps?: number;
  readonly sampleRateHz?: number;
  readonly channels?: number;
  readonly durationSeconds?: number;
}

/** What became of one output. */
export interface ConvertResult {
  readonly source: ConvertedFile;
  readonly output: ConvertedFile;
  readonly profile: string;
  readonly status: "encoded" | "copied" | "already" | "refused" | "failed";
  readonly ffmpeg?: { readonly path: string; readonly version: string };
  readonly arguments?: readonly string[];
  /** Of the run of ffmpeg, which may have made other outputs side by side. */
  readonly elapsedMs?: number;
  readonly outputsInRun?: number;
  /** What a reader should know of the output's quality, a sentence each. */
  readonly remarks?: readonly string[];
}

/** Describes a file by its identity. */
export function describeIdentity(
  path: string,
  { sizeBytes, sha256, packetSha256, content, structure }: Identity,
): ConvertedFile {
  const known = { path, sizeBytes, sha256, packetSha256: packetSha256 ?? null };
  if (structure === undefined) return known;
  return { ...known, format: content.kind, ...describeStructure(structure) };
}

/** Describes a file by its record in the archive. */
export function describeStored(path: string, stored: StoredAudio): ConvertedFile {
  const { sizeBytes, sha256, packetSha256, format, structure } = stored;
  return { path, sizeBytes, sha256, packetSha256, format, ...describeStructure(structure) };
}

type DescribedStructure = Pick<Structure, "codec" | "bitrateKbps" | "sampleRateHz" | "channels" | "durationSeconds">;

function describeStructure(structure: DescribedStructure): Omit<ConvertedFile, "path"> {
  const { codec, bitrateKbps, sampleRateHz, channels, durationSeconds } = structure;
  return { codec, bitrateKbps: Math.round(bitrateKbps * 10) / 10, sampleRateHz, channels, durationSeconds };
}

/** The two sides of a conversion, and how it was made if it was. */
export interface ResultParts {
  readonly source: ConvertedFile;
  readonly output: ConvertedFile;
  readonly profile: Profile;
  readonly run?: EncodingRun | undefined;
  readonly remarks?: readonly string[] | undefined;
}

/** Makes the report's entry of one output. */
export function toConvertResult(
  status: ConvertResult["status"],
  { source, output, profile, run, remarks = [] }: ResultParts,
): ConvertResult {
  const base = { source, output, profile: toProfileName(profile), status };
  const remarked = remarks.length === 0 ? base : { ...base, remarks };
  if (run === undefined) return remarked;
  const { ffmpeg, ...rest } = run;
  return { ...remarked, ffmpeg: { path: ffmpeg.path, version: ffmpeg.version }, ...rest };
}

/** What was refused was never tried. */
const REFUSALS = [
  NotAudioError,
  UnsupportedMediaError,
  LossyRefusedError,
  ParticipantUnknownError,
  OutputExistsError,
  DigestMismatchError,
];

/** Tells of an output that was not made. */
export function toFailedTarget(error: unknown, parts: ResultParts): Ended<ConvertResult> {
  const status = REFUSALS.some((refusal) => error instanceof refusal) ? "refused" : "failed";
  return { type: "failed", subject: parts.source.path, error, result: toConvertResult(status, parts) };
}
