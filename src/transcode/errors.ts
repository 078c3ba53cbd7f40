import { HoldfastError } from "../core/errors.ts";

/** A conversion was made again by another ffmpeg than the first time, and came out different. */
export class FfmpegDiffersError extends HoldfastError<"MEDIA_FFMPEG_DIFFERS"> {
  readonly code = "MEDIA_FFMPEG_DIFFERS";
}

/** The bytes are audio that Holdfast does not convert. */
export class UnsupportedMediaError extends HoldfastError<"MEDIA_UNSUPPORTED"> {
  readonly code = "MEDIA_UNSUPPORTED";
}

/** What ffmpeg wrote is not what was asked for; nothing was kept. */
export class OutputInvalidError extends HoldfastError<"MEDIA_OUTPUT_INVALID"> {
  readonly code = "MEDIA_OUTPUT_INVALID";
}

/** A file that is not this conversion stands where the output belongs; it was left as it is. */
export class OutputExistsError extends HoldfastError<"MEDIA_OUTPUT_EXISTS"> {
  readonly code = "MEDIA_OUTPUT_EXISTS";
}

/** A named input is not there. */
export class InputNotFoundError extends HoldfastError<"INPUT_NOT_FOUND"> {
  readonly code = "INPUT_NOT_FOUND";
}

/** A source became another file between being judged and being converted; nothing was kept. */
export class SourceChangedError extends HoldfastError<"MEDIA_SOURCE_CHANGED"> {
  readonly code = "MEDIA_SOURCE_CHANGED";
  override readonly retryable = true;
}

/** A lossy recording would be encoded to a lossy format again, and `--lossy refuse` forbids it. */
export class LossyRefusedError extends HoldfastError<"MEDIA_LOSSY_REFUSED"> {
  readonly code = "MEDIA_LOSSY_REFUSED";
}

/** One party's voice is wanted of a recording that does not keep the parties apart, or of which nobody says which is which. */
export class ParticipantUnknownError extends HoldfastError<"MEDIA_PARTICIPANT_UNKNOWN"> {
  readonly code = "MEDIA_PARTICIPANT_UNKNOWN";
}
