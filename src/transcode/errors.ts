import { HoldfastError } from "../core/errors.ts";

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
