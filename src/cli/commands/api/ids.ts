import type { ArgumentsCamelCase, Argv } from "yargs";
import { parseRecordingId, type RecordingId } from "../../../core/recording-id.ts";
import { UsageError } from "../../errors.ts";

/** Declares the argument that names a recording. */
export function addRecordingId(yargs: Argv): Argv {
  return yargs.positional("recording-id", { type: "string", demandOption: true, describe: "The vendor's id" });
}

/** Reads it. @throws {UnsafeNameError} no recording can have that id. */
export function toRecordingId(argv: ArgumentsCamelCase): RecordingId {
  return parseRecordingId(String(argv["recordingId"]));
}

/** Declares the argument that names a telephone call. */
export function addCallId(yargs: Argv): Argv {
  return yargs.positional("call-id", { type: "string", demandOption: true, describe: "The vendor's id" });
}

/** Reads it. @throws {UsageError} it is empty. */
export function toCallId(argv: ArgumentsCamelCase): string {
  const callId = String(argv["callId"]);
  if (callId === "") throw new UsageError("name a call");
  return callId;
}
