/** A part of a file, both ends included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads a Range header with one range of bytes.
 *
 * @returns undefined for the whole file: no header, several ranges, another unit or nonsense, which RFC 9110
 * lets a server ignore; `unsatisfiable` for a range behind the end.
 * @see RFC 9110 section 14.2
 */
export function tryParseByteRange(
  header: string | undefined,
  sizeBytes: number,
): ByteRange | "unsatisfiable" | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (match === null || match[0] === "bytes=-") return undefined;
  const [, from = "", to = ""] = match;
  const first = from === "" ? Math.max(sizeBytes - Number(to), 0) : Number(from);
  const last = from === "" || to === "" ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (first >= sizeBytes) return "unsatisfiable";
  return first <= last ? { first, last } : undefined;
}
