import { HoldfastError, isHoldfastError } from "../core/errors.ts";

/** A file or object that should be there is not. */
export class NotFoundError extends HoldfastError<"STORAGE_NOT_FOUND"> {
  readonly code = "STORAGE_NOT_FOUND";
}

/** Something already stands under the name; it was left as it is. */
export class ConflictError extends HoldfastError<"STORAGE_CONFLICT"> {
  readonly code = "STORAGE_CONFLICT";
}

/** A list of files holds something else than paths; nothing of it was used. */
export class SourceListError extends HoldfastError<"INPUT_LIST_INVALID"> {
  readonly code = "INPUT_LIST_INVALID";
}

/** The disk is full or a quota is used up: the whole run stops, for nothing else can be written either. */
export class StorageFullError extends HoldfastError<"STORAGE_FULL"> {
  readonly code = "STORAGE_FULL";
}

/** Tells a {@link StorageFullError}, also one that another thread met. */
export function isStorageFull(error: unknown): error is HoldfastError<"STORAGE_FULL"> {
  return isHoldfastError(error) && error.code === "STORAGE_FULL";
}

/** The storage refused or failed for another reason: permissions, I/O errors, a mount that is gone. */
export class StorageUnavailableError extends HoldfastError<"STORAGE_UNAVAILABLE"> {
  readonly code = "STORAGE_UNAVAILABLE";
}

/** What to do about a {@link StorageFullError}. */
export const DISK_FULL_HINT = "free some space, or point --archive or --out at another disk, and run the command again";

/** Reads the system's code (`ENOENT` …) off an error of `node:fs`. */
export function toSystemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/**
 * Translates an error of `node:fs` about `path`. What is no system error comes back as it is.
 */
export function toStorageError(path: string, error: unknown): unknown {
  const code = toSystemCode(error);
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) return error;
  if (code === "ENOENT") return new NotFoundError(`not found: ${path}`, { cause: error });
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new StorageFullError(`no space left for ${path}`, {
      cause: error,
      hint: DISK_FULL_HINT,
    });
  }
  return new StorageUnavailableError(`${code} for ${path}`, { cause: error });
}
