import { HoldfastError } from "../core/errors.ts";

/** What to do about a catalogue that cannot be read, and what that costs. */
export const REBUILD_HINT =
  "delete it, and the next command rebuilds it from the sidecars; when recordings were last verified is then not known any more";

/** Another process works on this archive. */
export class CatalogueLockedError extends HoldfastError<"CATALOGUE_LOCKED"> {
  readonly code = "CATALOGUE_LOCKED";
  override readonly retryable = true;
}

/** The catalogue cannot be read; it can be rebuilt, but for what is known of verifying. */
export class CatalogueInvalidError extends HoldfastError<"CATALOGUE_INVALID"> {
  readonly code = "CATALOGUE_INVALID";
}
