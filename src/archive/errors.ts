import { HoldfastError } from "../core/errors.ts";

/** There is no archive at the place that was named. */
export class ArchiveNotFoundError extends HoldfastError<"ARCHIVE_NOT_FOUND"> {
  readonly code = "ARCHIVE_NOT_FOUND";
}

/** The archive's marker cannot be read, or is of another layout version. */
export class ArchiveInvalidError extends HoldfastError<"ARCHIVE_INVALID"> {
  readonly code = "ARCHIVE_INVALID";
}

/** The archive holds other bytes for a recording than the ones that are to be stored; it was left as it is. */
export class ArchiveConflictError extends HoldfastError<"ARCHIVE_CONFLICT"> {
  readonly code = "ARCHIVE_CONFLICT";
}

/** A sidecar cannot be read. */
export class SidecarInvalidError extends HoldfastError<"SIDECAR_INVALID"> {
  readonly code = "SIDECAR_INVALID";
}
