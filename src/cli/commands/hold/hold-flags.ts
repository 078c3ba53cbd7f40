import type { ArgumentsCamelCase } from "yargs";
import type { HoldCriteria } from "../../../core/hold.ts";
import { parseRecordingId, type RecordingId } from "../../../core/recording-id.ts";
import { MAX_CASE_LENGTH, MAX_TEXT_LENGTH, tryParseHoldText } from "../../../custody/hold-text.ts";
import { UsageError } from "../../errors.ts";
import { optionalInstant, optionalString } from "../../flags.ts";

/**
 * Reads the name of a case.
 *
 * @throws {UsageError} it is none.
 */
export function toCase(text: unknown): string {
  const name = tryParseHoldText(String(text), MAX_CASE_LENGTH);
  if (name !== undefined) return name;
  throw new UsageError(`a case is named in one line of 1 to ${MAX_CASE_LENGTH} characters`);
}

/**
 * Reads a flag that takes one line of text.
 *
 * @throws {UsageError} it is empty, too long or of several lines, or was given more than once.
 */
export function optionalLine(argv: ArgumentsCamelCase, name: string): string | undefined {
  const text = optionalString(argv, name);
  return text === undefined ? undefined : toLine(text, name);
}

/**
 * Reads which recordings and calls are named on the command line.
 *
 * @throws {UsageError} the id of a call is none.
 * @throws {UnsafeNameError} the id of a recording is none.
 */
export function toNamed(argv: ArgumentsCamelCase): {
  readonly recordingIds: readonly RecordingId[];
  readonly callIds: readonly string[];
} {
  const recordingIds = new Set(toTexts(argv["recording"]).map(parseRecordingId));
  const callIds = new Set(toTexts(argv["callId"]).map((text) => toLine(text, "call-id")));
  return { recordingIds: [...recordingIds], callIds: [...callIds] };
}

/**
 * Reads what recordings must fit.
 *
 * @returns undefined when nothing was said.
 * @throws {UsageError} a number or an instant is none, or nothing could fit.
 */
export function toMatching(argv: ArgumentsCamelCase): HoldCriteria | undefined {
  const [from, to] = [optionalLine(argv, "from"), optionalLine(argv, "to")];
  const [sinceMs, untilMs] = [optionalInstant(argv, "since"), optionalInstant(argv, "until")];
  if (sinceMs !== undefined && untilMs !== undefined && sinceMs >= untilMs) {
    throw new UsageError("--until is not later than --since, so that nothing would fit");
  }
  const isEmpty = [from, to, sinceMs, untilMs].every((value) => value === undefined);
  return isEmpty ? undefined : { kind: "matching", from, to, sinceMs, untilMs };
}

/** Reads a flag that takes any number of texts. */
export function toTexts(value: unknown): readonly string[] {
  return value === undefined ? [] : [value].flat().map(String);
}

function toLine(text: string, flag: string): string {
  const line = tryParseHoldText(text, MAX_TEXT_LENGTH);
  if (line !== undefined) return line;
  throw new UsageError(`--${flag} takes one line of 1 to ${MAX_TEXT_LENGTH} characters`);
}
