import { resolve } from "node:path";
import installer from "@ffmpeg-installer/ffmpeg";
import { isHoldfastError } from "../core/errors.ts";
import { PROFILES } from "../core/profile.ts";
import { FfmpegNotFoundError } from "./errors.ts";
import type { Ffmpeg, FfmpegChoice } from "./ffmpeg.ts";
import { findProgram } from "./find-program.ts";
import { probeFfmpeg } from "./probe.ts";

/** Where to look. */
export interface LocateFfmpegRequest {
  /** The path that the user named, if any; then nothing else is tried. */
  readonly named: { readonly path: string; readonly origin: "flag" | "environment" | "file" } | undefined;
  /** The value of PATH. */
  readonly searchPath: string;
}

/** An ffmpeg on PATH must be this new to be preferred to the embedded one. */
const MIN_MAJOR_VERSION = 5;

const NAMED_BY = {
  flag: "named by --ffmpeg",
  environment: "named by HOLDFAST_FFMPEG",
  file: "named by the configuration file",
} as const;

const REQUIRED_ENCODERS: readonly string[] = Object.values(PROFILES).map((profile) => profile.encoder);

/**
 * Chooses the ffmpeg to run: the one that was named; else the first on PATH, when it is release 5 or newer
 * and has libmp3lame and libopus; else the embedded build of 2018.
 *
 * @throws {FfmpegNotFoundError} the named one cannot be used, or the embedded one does not start here.
 */
export async function locateFfmpeg({ named, searchPath }: LocateFfmpegRequest): Promise<FfmpegChoice> {
  if (named !== undefined) return chooseNamed(named);
  const passedOver: string[] = [];
  const path = await findProgram("ffmpeg", searchPath);
  if (path === undefined) {
    passedOver.push("there is no ffmpeg on PATH");
  } else {
    const found = await tryOnPath(path);
    if (typeof found !== "string") {
      return { ffmpeg: found, reason: `found on PATH, release ${MIN_MAJOR_VERSION} or newer`, passedOver };
    }
    passedOver.push(found);
  }
  const embedded = await probeFfmpeg(installer.path, "embedded");
  return { ffmpeg: embedded, reason: "embedded build, because no better one was found", passedOver };
}

async function chooseNamed({ path, origin }: NonNullable<LocateFfmpegRequest["named"]>): Promise<FfmpegChoice> {
  const ffmpeg = await probeFfmpeg(resolve(path), origin);
  const missing = missingEncoders(ffmpeg);
  if (missing.length > 0) throw new FfmpegNotFoundError(`${path} lacks the encoders ${missing.join(", ")}`);
  return { ffmpeg, reason: NAMED_BY[origin], passedOver: [] };
}

/** Returns the binary, or one sentence on why it is passed over. */
async function tryOnPath(path: string): Promise<Ffmpeg | string> {
  try {
    const ffmpeg = await probeFfmpeg(path, "path");
    return objectionTo(ffmpeg) ?? ffmpeg;
  } catch (error) {
    if (isHoldfastError(error)) return error.message;
    throw error;
  }
}

function objectionTo(ffmpeg: Ffmpeg): string | undefined {
  if (ffmpeg.majorVersion === undefined || ffmpeg.majorVersion < MIN_MAJOR_VERSION) {
    return `${ffmpeg.path} is version ${ffmpeg.version}, not a release ${MIN_MAJOR_VERSION} or newer`;
  }
  const missing = missingEncoders(ffmpeg);
  return missing.length > 0 ? `${ffmpeg.path} lacks the encoders ${missing.join(", ")}` : undefined;
}

function missingEncoders(ffmpeg: Ffmpeg): readonly string[] {
  return REQUIRED_ENCODERS.filter((encoder) => !ffmpeg.encoders.includes(encoder));
}
