import { HoldfastError } from "../core/errors.ts";

/** A setting, a configuration file or a secret's file cannot be used; the message names it and where it came from. */
export class ConfigError extends HoldfastError<"CONFIG_INVALID"> {
  readonly code = "CONFIG_INVALID";
}
