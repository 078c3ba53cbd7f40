import { tryDecodeBase64 } from "./base64.ts";

/** As ssh-keygen breaks them. */
const LINES = /.{1,70}/g;

/** Writes bytes as text between `BEGIN` and `END` lines, as ssh-keygen does. */
export function toArmor(label: string, bytes: Uint8Array): string {
  const base64 = Buffer.from(bytes).toString("base64");
  return [`-----BEGIN ${label}-----`, ...(base64.match(LINES) ?? []), `-----END ${label}-----`, ""].join("\n");
}

/**
 * Reads the bytes between `BEGIN` and `END` lines. Lines may be of any length; behind the last only empty ones may come.
 *
 * @returns undefined when the text is of another form.
 */
export function tryReadArmor(label: string, text: string): Buffer | undefined {
  const begin = `-----BEGIN ${label}-----\n`;
  const end = `\n-----END ${label}-----`;
  const trimmed = text.trimEnd().replaceAll("\r\n", "\n");
  if (!trimmed.startsWith(begin) || !trimmed.endsWith(end)) return undefined;
  return tryDecodeBase64(trimmed.slice(begin.length, -end.length).replaceAll("\n", ""));
}
