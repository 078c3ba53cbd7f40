import { createHash } from "node:crypto";
import { UnsafeNameError } from "../core/errors.ts";

/** Leaves room for the longest extension within {@link MAX_NAME_BYTES}. */
const MAX_NAME_LENGTH = 160;

/**
 * Names that Windows keeps for devices, with any extension, before which it overlooks spaces.
 *
 * @see Microsoft, "Naming Files, Paths, and Namespaces"; for `CONIN$` and `CONOUT$` "Console Handles"
 */
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(?:\.|$)/i;

/** What no name may hold on Windows, and what none may end with. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const WINDOWS_FORBIDDEN = /[\u0000-\u001f<>:"/\\|?*]|[. ]$/g;

/** What most file systems allow for one name. */
export const MAX_NAME_BYTES = 255;

/**
 * Turns an outside name into one file-name part: the only way for a recording id or any other foreign text
 * to become part of a path.
 *
 * Bytes outside `A-Za-z0-9._-` are percent-encoded as UTF-8, upper-case hexadecimal. Two different names give
 * results that differ also on a disk that ignores case: a name with capital letters, or one that is too long,
 * carries `~` and a part of its SHA-256 (a plain name never holds `~`). The result is at most 177 characters.
 *
 * @throws {UnsafeNameError} the name is empty, `.` or `..`.
 */
export function toSafeName(text: string): string {
  if (text === "" || text === "." || text === "..") {
    throw new UnsafeNameError(`not usable as a file name: ${JSON.stringify(text)}`);
  }
  const encoded = encodeDeviceName(percentEncode(text));
  const isLong = encoded.length > MAX_NAME_LENGTH;
  if (!isLong && !/[A-Z]/.test(text)) return encoded;
  return `${encoded.slice(0, MAX_NAME_LENGTH)}${toDigestEnding(text)}`;
}

/**
 * Turns the name of a file or folder that is here into one that can be written on Windows too, and stays as it is where
 * Windows forbids nothing of it: what it forbids is percent-encoded. A name of more than `maxBytes` is cut and carries
 * `~` and a part of its SHA-256. Other than with {@link toSafeName}, two names can become one.
 */
export function toPortableName(name: string, maxBytes = MAX_NAME_BYTES): string {
  const encoded = encodeDeviceName(name.replace(WINDOWS_FORBIDDEN, toPercentBytes));
  if (Buffer.byteLength(encoded) <= maxBytes) return encoded;
  const ending = toDigestEnding(name);
  return `${cutToBytes(encoded, maxBytes - ending.length)}${ending}`;
}

/** Cuts between characters. */
function cutToBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  let end = maxBytes;
  // The bytes of a character but for the first are 10xxxxxx (RFC 3629 section 3).
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString("utf8", 0, end);
}

function toDigestEnding(name: string): string {
  return `~${createHash("sha256").update(name).digest("hex").slice(0, 16)}`;
}

function percentEncode(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]/gu, toPercentBytes);
}

function toPercentBytes(character: string): string {
  return [...Buffer.from(character, "utf8")].map(toPercentByte).join("");
}

function toPercentByte(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}

function encodeDeviceName(name: string): string {
  return WINDOWS_DEVICE.test(name) ? toPercentByte(name.charCodeAt(0)) + name.slice(1) : name;
}
