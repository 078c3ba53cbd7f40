import type { Identity } from "../audio/identify.ts";
import type { AudioFormat } from "../core/audio-format.ts";
import { HoldfastError } from "../core/errors.ts";
import type { StoredAudio } from "./schema.ts";

/** The bytes are no recording in one of the three formats, whatever their name says. */
export class NotAudioError extends HoldfastError<"MEDIA_NOT_AUDIO"> {
  readonly code = "MEDIA_NOT_AUDIO";
}

const CONTAINERS = { wav: "wav", mp3: "mp3", opus: "ogg" } as const satisfies Record<AudioFormat, string>;

/**
 * Makes the record of an audio file from its identity.
 *
 * @param subject - What the file is called in an error.
 * @param name - Gives the file's name by the format of its bytes.
 * @throws {NotAudioError} the bytes are not a wav, mp3 or opus recording.
 */
export function toStoredAudio(
  subject: string,
  { sizeBytes, sha256, packetSha256, content, structure }: Identity,
  name: (format: AudioFormat) => string,
): StoredAudio {
  if (content.format === undefined || structure === undefined) {
    throw new NotAudioError(`not a wav, mp3 or opus recording but ${content.label}: ${subject}`);
  }
  const { streamSpan: _span, links: _links, ...facts } = structure;
  return {
    file: name(content.format),
    sizeBytes,
    sha256,
    packetSha256: packetSha256 ?? null,
    format: content.format,
    structure: {
      ...facts,
      container: CONTAINERS[content.format],
      declaredDurationSeconds: structure.declaredDurationSeconds ?? null,
      complete: structure.complete ?? null,
      defects: [...structure.defects],
      remarks: [...structure.remarks],
    },
  };
}
