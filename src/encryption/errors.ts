import { HoldfastError } from "../core/errors.ts";

/** A file or variable holds no key of 256 bits, or others than its owner can read the file. */
export class KeyInvalidError extends HoldfastError<"ENCRYPTION_KEY_INVALID"> {
  readonly code = "ENCRYPTION_KEY_INVALID";
}

/** A wrapped data key was not wrapped with the key that is to open it, or was changed. */
export class KeyMismatchError extends HoldfastError<"ENCRYPTION_KEY_MISMATCH"> {
  readonly code = "ENCRYPTION_KEY_MISMATCH";
}

/** The command that holds the key did not do its work: it failed, took too long, or answered something else than a key. */
export class KeyCommandError extends HoldfastError<"ENCRYPTION_KEY_COMMAND_FAILED"> {
  readonly code = "ENCRYPTION_KEY_COMMAND_FAILED";
  override readonly retryable = true;
}

/**
 * An encrypted file is not what was written with this data key and context: it was changed, cut, lengthened or exchanged.
 * Nothing of what was read of it may be kept.
 */
export class DecryptionError extends HoldfastError<"ENCRYPTION_TAMPERED"> {
  readonly code = "ENCRYPTION_TAMPERED";
}
