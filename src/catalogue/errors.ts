import { HoldfastError } from "../core/errors.ts";

/** Another process works on this archive. */
export class CatalogueLockedError extends HoldfastError<"CATALOGUE_LOCKED"> {
  readonly code = "CATALOGUE_LOCKED";
  override readonly retryable = true;
}

/** The catalogue cannot be read; it is an index and can be rebuilt. */
export class CatalogueInvalidError extends HoldfastError<"CATALOGUE_INVALID"> {
  readonly code = "CATALOGUE_INVALID";
}
