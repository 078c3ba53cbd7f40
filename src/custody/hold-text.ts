/** The longest name of a case. */
export const MAX_CASE_LENGTH = 200;

/** The longest reason, number or id of a call. */
export const MAX_TEXT_LENGTH = 500;

/**
 * Reads what a person says of a hold: one line, without the blanks around it. What looks the same is the same: letters with
 * their marks are composed.
 *
 * @returns undefined when it holds nothing, a control character, a line's end, or more characters than are allowed.
 */
export function tryParseHoldText(text: string, maxLength: number): string | undefined {
  const line = text.normalize("NFC").trim();
  return line === "" || line.length > maxLength || /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u.test(line) ? undefined : line;
}
