import type { StoredAudio } from "../archive/schema.ts";
import type { Identity } from "../audio/identify.ts";
import type { Structure } from "../audio/structure.ts";
import { type Profile, toProfileName } from "../core/profile.ts";
import type { EncodingRun } from "./encode.ts";

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
  readonly status: "encoded" | "already" | "refused" | "failed";
  readonly ffmpeg?: { readonly path: string; readonly version: string };
  readonly arguments?: readonly string[];
  readonly elapsedMs?: number;
}

/** Describes a file by its identity. */
export function describeIdentity(
  path: string,
  { sizeBytes, sha256, packetSha256, content, structure }: Identity,
): ConvertedFile {
  const known = { path, sizeBytes, sha256, packetSha256: packetSha256 ?? null };
  if (content.format === undefined || structure === undefined) return known;
  return { ...known, format: content.format, ...describeStructure(structure) };
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
}

/** Makes the report's entry of one output. */
export function toConvertResult(
  status: ConvertResult["status"],
  { source, output, profile, run }: ResultParts,
): ConvertResult {
  const base = { source, output, profile: toProfileName(profile), status };
  if (run === undefined) return base;
  const { ffmpeg, arguments: args, elapsedMs } = run;
  return { ...base, ffmpeg: { path: ffmpeg.path, version: ffmpeg.version }, arguments: args, elapsedMs };
}
