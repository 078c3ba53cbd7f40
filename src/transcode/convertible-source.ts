import { NotAudioError } from "../archive/stored-audio.ts";
import type { Identity } from "../audio/identify.ts";
import type { Structure } from "../audio/structure.ts";
import type { AudioFormat } from "../core/audio-format.ts";
import { UnsupportedMediaError } from "./errors.ts";

/** A source that our own reading of its bytes lets pass. */
export interface ConvertibleSource {
  readonly identity: Identity;
  readonly format: AudioFormat;
  readonly structure: Structure;
}

/** Audio, but none that is converted; everything else, playlists among it, is no recording at all. */
const AUDIO_KINDS: readonly string[] = [
  "mp1",
  "mp2",
  "ogg-other",
  "flac",
  "amr",
  "amr-wb",
  "aac",
  "aiff",
  "mp4",
  "matroska",
];

/**
 * The gate before ffmpeg: lets a recording pass whose bytes are a wav, mp3 or opus file with audio in it.
 *
 * @throws {NotAudioError} the bytes are something else, or hold no audio.
 * @throws {UnsupportedMediaError} the bytes are audio of another kind.
 */
export function assertConvertible(path: string, identity: Identity): ConvertibleSource {
  const { content, structure } = identity;
  if (content.format === undefined || structure === undefined) {
    if (AUDIO_KINDS.includes(content.kind)) throw new UnsupportedMediaError(`cannot convert ${content.label}: ${path}`);
    throw new NotAudioError(`not a recording but ${content.label}: ${path}`);
  }
  if (structure.samples === 0) throw new NotAudioError(`${content.label} without any audio: ${path}`);
  return { identity, format: content.format, structure };
}
