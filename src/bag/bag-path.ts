import type { BagVersion } from "./bag-version.ts";

/** The folder of a bag that holds its payload. */
export const PAYLOAD_FOLDER = "data";

/** Tells a payload file from a tag file. */
export function isPayloadPath(path: string): boolean {
  return path.startsWith(`${PAYLOAD_FOLDER}/`);
}

/**
 * Tells why nothing under a path that a bag names may be touched, on whatever system; undefined if it stays in the bag.
 *
 * @see RFC 8493 section 5.1
 */
export function toUnsafeReason(path: string): string | undefined {
  if (path.startsWith("/") || path.startsWith("\\")) return "absolute paths";
  if (path.startsWith("~")) return "paths that begin with a home folder";
  if (/^[A-Za-z]:/.test(path)) return "paths that begin with a drive letter";
  if (path.startsWith("%") && path.includes("\\")) return "paths that begin with a variable";
  if (path.includes("\0")) return "paths with a zero byte";
  return /(?:^|[/\\])\.\.(?:[/\\]|$)/.test(path) ? "paths that lead upwards" : undefined;
}

/** Leaves out the parts of a path that lead nowhere: `./`, `//`. */
export function toPlainPath(path: string): string {
  if (!/(?:^|\/)\.?(?:\/|$)/.test(path)) return path;
  return path
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}

/**
 * Gives what a path in a manifest or in `fetch.txt` may stand for, what the version says first.
 *
 * RFC 8493 has CR, LF and `%` percent-encoded, and only those; the drafts had nothing encoded at first, and CR and LF later.
 * Programs did otherwise in each version, so the other readings are tried where the first leads to nothing.
 *
 * @see RFC 8493 section 2.1.3
 */
export function toReadings(path: string, version: BagVersion): readonly string[] {
  if (!path.includes("%")) return [path];
  const linesOnly = path.replace(/%0[ad]/gi, decodeURIComponent);
  const whole = path.replace(/%(?:0[ad]|25)/gi, decodeURIComponent);
  return [...new Set(version === "1.0" ? [whole, path, linesOnly] : [path, linesOnly, whole])];
}
