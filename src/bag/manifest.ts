import { type DigestAlgorithm, HEX_DIGITS } from "../core/digest.ts";
import { splitTagLines, type TagFile } from "./tag-file.ts";

/** A line of a manifest. */
export interface ManifestEntry {
  /** As it is written, without what md5sum adds to names; nothing is decoded. */
  readonly path: string;
  /** Lower-case. */
  readonly hex: string;
}

const LINE = /^(\\?)([0-9A-Fa-f]+)[ \t]+(\*?)(.+)$/s;

/**
 * Reads a payload or tag manifest. Lines that cannot be read are noted and left out.
 *
 * @param algorithm - Whose checksums it has; undefined if it is unknown how long they must be.
 * @see RFC 8493 sections 2.1.3 and 6.1.3
 */
export function parseManifest(text: string, algorithm: DigestAlgorithm | undefined, file: TagFile): ManifestEntry[] {
  const digits = algorithm === undefined ? undefined : HEX_DIGITS[algorithm];
  const entries: ManifestEntry[] = [];
  let lineNumber = 0;
  for (const line of splitTagLines(text)) {
    lineNumber += 1;
    const [, escaped, hex, binary, path] = LINE.exec(line) ?? [];
    if (hex === undefined || path === undefined || hex.length !== (digits ?? hex.length)) {
      refuse(line, lineNumber, file);
      continue;
    }
    if (escaped !== "" || binary !== "") {
      const message = "paths are written as md5sum does, with an asterisk or backslashes, which strict readers refuse";
      file.notes.add({ grade: "remark", subject: file.name, message });
    }
    entries.push({ path: escaped === "" ? path : toPlainName(path), hex: hex.toLowerCase() });
  }
  return entries;
}

/** With a backslash at the beginning of the line, md5sum has escaped the name. */
function toPlainName(path: string): string {
  return path.replace(/\\([\\nr])/g, (_all, sign: string) => (sign === "n" ? "\n" : sign === "r" ? "\r" : "\\"));
}

function refuse(line: string, lineNumber: number, { name, notes }: TagFile): void {
  if (line.trim() === "") notes.add({ grade: "remark", subject: name, message: "it has empty lines" });
  else {
    const message = "lines are not a checksum and a path";
    notes.add({ grade: "manifest-invalid", subject: name, message, example: `line ${lineNumber}` });
  }
}
