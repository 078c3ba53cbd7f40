import { createHash } from "node:crypto";
import { UnsafeNameError } from "../core/errors.ts";

/** Leaves room for the longest extension within the 255 bytes that file systems allow. */
const MAX_NAME_LENGTH = 160;

/** Names that Windows keeps for devices, with any extension (Microsoft, "Naming Files, Paths, and Namespaces"). */
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;

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
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 16);
  return `${encoded.slice(0, MAX_NAME_LENGTH)}~${digest}`;
}

function percentEncode(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]/gu, (character) =>
    [...Buffer.from(character, "utf8")].map(toPercentByte).join(""),
  );
}

function toPercentByte(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}

function encodeDeviceName(name: string): string {
  return WINDOWS_DEVICE.test(name) ? toPercentByte(name.charCodeAt(0)) + name.slice(1) : name;
}
