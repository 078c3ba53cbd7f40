import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { parseSha256, type Sha256Hex } from "../core/digest.ts";
import { FfmpegNotFoundError } from "./errors.ts";
import type { Ffmpeg, FfmpegOrigin } from "./ffmpeg.ts";
import { launch } from "./launch.ts";
import { TextTail } from "./text-tail.ts";

const PROBE_TIMEOUT_MS = 15_000;

/** Five times what ffmpeg 5.1 prints. */
const MAX_LISTING_LENGTH = 65_536;

/**
 * Asks a binary for its version and encoders, in one start: `-encoders` prints the list on stdout and the
 * banner on stderr.
 *
 * @throws {FfmpegNotFoundError} it is not there, cannot be started or is no ffmpeg.
 */
export async function probeFfmpeg(path: string, origin: FfmpegOrigin): Promise<Ffmpeg> {
  const { stdout, stderr } = await launchProbe(path);
  const version = /^ffmpeg version (\S+)/m.exec(stderr)?.[1];
  if (version === undefined) throw new FfmpegNotFoundError(`not an ffmpeg: ${path}`);
  return {
    path,
    origin,
    version,
    majorVersion: toMajorVersion(version),
    copyrightYear: toCopyrightYear(stderr),
    encoders: parseEncoders(stdout),
    sha256: await hashBinary(path),
  };
}

async function launchProbe(path: string): Promise<{ stdout: string; stderr: string }> {
  const stdout = new TextTail(MAX_LISTING_LENGTH);
  try {
    const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
    const onStdout = (chunk: Buffer) => stdout.append(chunk.toString("latin1"));
    const { stderr } = await launch(path, ["-encoders"], { signal, onStdout });
    return { stdout: stdout.toString(), stderr };
  } catch (error) {
    throw new FfmpegNotFoundError(`cannot start ffmpeg: ${path}`, { cause: error });
  }
}

/** Reads the release number of `5.1.9-0+deb12u1` or `n7.0.2`; a build between releases (`N-47683-g…`) has none. */
export function toMajorVersion(version: string): number | undefined {
  const match = /^n?(\d+)\.\d/.exec(version);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

function toCopyrightYear(banner: string): number | undefined {
  const match = /Copyright \(c\) \d{4}-(\d{4})/.exec(banner);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

/** Reads the names from `-encoders`: after a rule of dashes, six flags (the first is the media type) and a name. */
export function parseEncoders(listing: string): readonly string[] {
  const names = listing.matchAll(/^ [VAS][F.][S.][X.][B.][D.] (\S+)/gm);
  return [...names].map((match) => match[1] ?? "").filter((name) => name !== "=");
}

async function hashBinary(path: string): Promise<Sha256Hex> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return parseSha256(hash.digest("hex"));
}
