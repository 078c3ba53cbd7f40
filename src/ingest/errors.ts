import { HoldfastError } from "../core/errors.ts";

/** The vendor listed the recording as completed, but is still working on it. */
export class NotReadyError extends HoldfastError<"VENDOR_NOT_READY"> {
  readonly code = "VENDOR_NOT_READY";
  override readonly retryable = true;

  constructor(subject: string, status: string) {
    super(`not ready at the vendor: ${subject} is ${status}`, { hint: "run the command again later" });
  }
}

/** The bytes look damaged, and nothing proves that the vendor's are: they may have been damaged on their way. */
export class LooksDamagedError extends HoldfastError<"MEDIA_LOOKS_DAMAGED"> {
  readonly code = "MEDIA_LOOKS_DAMAGED";
  override readonly retryable = true;

  constructor(subject: string) {
    super(`the recording looks damaged, and no digest proves that it is so at the vendor: ${subject}`);
  }
}
