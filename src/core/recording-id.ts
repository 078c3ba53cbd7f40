import { UnsafeNameError } from "./errors.ts";

declare const recordingIdBrand: unique symbol;
/** The vendor's id of a recording, as it was sent. It becomes a file name only through `toSafeName`. */
export type RecordingId = string & { readonly [recordingIdBrand]: true };

/** Longer ids are refused: no vendor sends them and a hostile server may. */
const MAX_ID_LENGTH = 512;

/**
 * Reads the vendor's id of a recording.
 *
 * @throws {UnsafeNameError} it is empty, longer than 512 characters, or holds a control character or half a character, which
 *   UTF-8 cannot write, so that two ids would become one.
 */
export function parseRecordingId(text: string): RecordingId {
  if (text.length === 0 || text.length > MAX_ID_LENGTH || /[\p{Cc}\p{Cs}]/u.test(text)) {
    throw new UnsafeNameError(`not a recording id: ${JSON.stringify(text.slice(0, 80))}`);
  }
  return text as RecordingId;
}
