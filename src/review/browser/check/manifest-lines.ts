/** A line of a manifest. */
export interface ListedFile {
  readonly path: string;
  /** Lower-case. */
  readonly sha256: string;
}

/** What a manifest says. */
export interface Manifest {
  readonly entries: readonly ListedFile[];
  /** The numbers of lines that are not a checksum and a path. */
  readonly badLines: readonly number[];
}

const LINE = /^([0-9a-f]{64})[ \t]+(.+)$/i;

/**
 * Reads a manifest of SHA-256 digests. CR, LF and `%` are percent-encoded in it, and nothing else is.
 *
 * @see RFC 8493 section 2.1.3
 */
export function parseManifest(bytes: Uint8Array): Manifest {
  const entries: ListedFile[] = [];
  const badLines: number[] = [];
  const lines = new TextDecoder().decode(bytes).split(/\r\n|\n|\r/);
  if (lines.at(-1) === "") lines.pop();
  for (const [index, line] of lines.entries()) {
    const [, digest, written] = LINE.exec(line) ?? [];
    if (digest === undefined || written === undefined) badLines.push(index + 1);
    else entries.push({ path: toPlainPath(written), sha256: digest.toLowerCase() });
  }
  return { entries, badLines };
}

function toPlainPath(written: string): string {
  return written.replaceAll(/%(?:0[ad]|25)/gi, decodeURIComponent);
}
