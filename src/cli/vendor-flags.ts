import type { ArgumentsCamelCase, Argv } from "yargs";
import type { ListFilter } from "../vendor/recording-source.ts";
import { optionalInstant, optionalString } from "./flags.ts";

/** Declares the flags that choose which recordings of the vendor's list are meant. */
export function addListFilter(yargs: Argv): Argv {
  return yargs
    .option("since", {
      type: "string",
      requiresArg: true,
      describe: "Created at or after this instant (ISO 8601; UTC if it names no zone)",
    })
    .option("until", { type: "string", requiresArg: true, describe: "Created before this instant" })
    .option("call-id", { type: "string", requiresArg: true, describe: "Only recordings of this call" });
}

/**
 * Reads what {@link addListFilter} declares.
 *
 * @throws {UsageError} an instant is none.
 */
export function toListFilter(argv: ArgumentsCamelCase): ListFilter {
  return {
    callId: optionalString(argv, "callId"),
    sinceMs: optionalInstant(argv, "since"),
    untilMs: optionalInstant(argv, "until"),
  };
}
