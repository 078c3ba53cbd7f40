/** A bucket, and what the keys in it begin with. */
export interface S3Place {
  readonly bucket: string;
  /** Empty, or ends with a slash. */
  readonly prefix: string;
  /** As a person writes it, without a slash at the end. */
  readonly location: string;
}

/**
 * Reads `s3://bucket/prefix`.
 *
 * @returns undefined for anything else, such as an address with a password in it.
 * @see Amazon S3 User Guide, "General purpose bucket naming rules"; older buckets have capitals and underscores too
 */
export function tryParseS3Place(text: string): S3Place | undefined {
  const match = /^s3:\/\/([A-Za-z0-9][A-Za-z0-9._-]{2,254})(?:\/(.*))?$/s.exec(text);
  if (match === null) return undefined;
  const [, bucket = "", path = ""] = match;
  const folder = path.replace(/\/+$/, "");
  const prefix = folder === "" ? "" : `${folder}/`;
  return { bucket, prefix, location: `s3://${bucket}/${prefix}`.replace(/\/$/, "") };
}
