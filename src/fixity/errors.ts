import { HoldfastError } from "../core/errors.ts";

/** This ffmpeg cannot decode a recording, which says nothing against it: it was not looked at as closely as was asked for. */
export class UndecodableError extends HoldfastError<"MEDIA_UNSUPPORTED"> {
  readonly code = "MEDIA_UNSUPPORTED";

  constructor(path: string, reason: string) {
    super(`cannot be decoded here: ${path}: ${reason}`);
  }
}

/** The vendor's copy of a file cannot become what is recorded of it: encrypted again, the same bytes are others. */
export class NoEncryptedCopyError extends HoldfastError<"VENDOR_UNSUPPORTED"> {
  readonly code = "VENDOR_UNSUPPORTED";

  constructor() {
    super("it is encrypted here, and the vendor has it in the clear: move it away with --quarantine and fetch again");
  }
}

/** A folder holds nothing that says what must be in it. */
export class NoRecordError extends HoldfastError<"RECORD_NOT_FOUND"> {
  readonly code = "RECORD_NOT_FOUND";
}

/** A file cannot be taken into a seal, or because of one nothing was sealed. */
export class SealIncompleteError extends HoldfastError<"SEAL_INCOMPLETE"> {
  readonly code = "SEAL_INCOMPLETE";
}
