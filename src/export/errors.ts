import { HoldfastError } from "../core/errors.ts";

/** A package was written and could not be read back; it did not get its name. */
export class PackageUnverifiedError extends HoldfastError<"EXPORT_UNVERIFIED"> {
  readonly code = "EXPORT_UNVERIFIED";

  /** @param reason - What stood in the way. */
  constructor(subject: string, reason: string) {
    super(`could not be verified after it was written: ${subject}: ${reason}`, {
      hint: "is the disk of --out all right? `holdfast export` begins anew",
    });
  }
}
