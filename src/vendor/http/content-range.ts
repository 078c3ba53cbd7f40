/** The part of a file that a 206 holds. */
export interface ContentRange {
  readonly firstByte: number;
  readonly lastByte: number;
  /** The size of the whole file; undefined when the server does not tell. */
  readonly sizeBytes: number | undefined;
}

/**
 * Reads a `Content-Range` header of one range of bytes.
 *
 * @returns undefined when there is none, or it contradicts itself.
 * @see RFC 9110 section 14.4
 */
export function tryParseContentRange(header: string | undefined): ContentRange | undefined {
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(header ?? "");
  if (match === null) return undefined;
  const [firstByte, lastByte] = [Number(match[1]), Number(match[2])];
  const sizeBytes = match[3] === "*" ? undefined : Number(match[3]);
  if (firstByte > lastByte || (sizeBytes !== undefined && lastByte >= sizeBytes)) return undefined;
  return { firstByte, lastByte, sizeBytes };
}
