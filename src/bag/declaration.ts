import type { BagNotes } from "./bag-notes.ts";
import { type BagVersion, gradeSinceRfc, tryParseBagVersion } from "./bag-version.ts";
import { type TagEncoding, tryFindTagEncoding, UTF_8 } from "./tag-encoding.ts";
import { splitTagLines } from "./tag-file.ts";

/** The file that makes a folder a bag. */
export const DECLARATION_NAME = "bagit.txt";

/** By which rules a bag is to be read. */
export interface Declaration {
  readonly version: BagVersion;
  readonly encoding: TagEncoding;
}

/** What a bag is read by that does not say what it is. */
export const ASSUMED: Declaration = { version: "1.0", encoding: UTF_8 };

const LABELS = ["BagIt-Version", "Tag-File-Character-Encoding"] as const;

/**
 * Reads `bagit.txt`. What it does not say is assumed, and noted.
 *
 * @see RFC 8493 section 2.1.1
 */
export function parseDeclaration(bytes: Uint8Array, notes: BagNotes): Declaration {
  const refuse = (message: string) => notes.add({ grade: "not-conforming", subject: DECLARATION_NAME, message });
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  if (text.startsWith("\uFEFF")) refuse("it begins with a byte order mark");
  if (text.includes("\uFFFD")) refuse("its bytes are not UTF-8");
  const lines = splitTagLines(text.replace(/^\uFEFF/, ""));
  const [versionLine, encodingLine] = LABELS.map((label, at) => readLine(lines[at], label, refuse));
  const version = toVersion(versionLine?.value, refuse);
  if ([versionLine, encodingLine].some((line) => line?.isLoose)) {
    const message = "a line is not a label, a colon, one space and a value";
    notes.add({ grade: gradeSinceRfc(version), subject: DECLARATION_NAME, message });
  }
  if ([versionLine, encodingLine].some((line) => line?.isRecased)) {
    notes.add({ grade: "remark", subject: DECLARATION_NAME, message: "a label is in another case than it should be" });
  }
  if (lines.length > LABELS.length) {
    notes.add({ grade: gradeSinceRfc(version), subject: DECLARATION_NAME, message: "it has more than two lines" });
  }
  return { version, encoding: toEncoding(encodingLine?.value, refuse) };
}

interface DeclarationLine {
  readonly value: string;
  /** Whether its white space is not as it should be. */
  readonly isLoose: boolean;
  /** Whether its label is spelt in another case, as in an example of the standard. */
  readonly isRecased: boolean;
}

function readLine(
  line: string | undefined,
  label: (typeof LABELS)[number],
  refuse: (message: string) => void,
): DeclarationLine | undefined {
  const [found = "", ...rest] = (line ?? "").split(":");
  const written = rest.join(":");
  const value = written.trim();
  // White space before the colon is no slip: programs that take the label as it stands do not find it.
  if (found.toLowerCase() !== label.toLowerCase() || value === "") {
    refuse(`line ${LABELS.indexOf(label) + 1} is not "${label}: ..."`);
    return undefined;
  }
  return { value, isLoose: written !== ` ${value}`, isRecased: found !== label };
}

function toVersion(text: string | undefined, refuse: (message: string) => void): BagVersion {
  if (text === undefined) return ASSUMED.version;
  const version = tryParseBagVersion(text);
  if (version === undefined) refuse(`there is no BagIt version ${toQuoted(text)}; the bag is read as one of 1.0`);
  return version ?? ASSUMED.version;
}

function toEncoding(name: string | undefined, refuse: (message: string) => void): TagEncoding {
  if (name === undefined) return ASSUMED.encoding;
  const encoding = tryFindTagEncoding(name);
  if (encoding === undefined) refuse(`the encoding ${toQuoted(name)} is not known; tag files are read as UTF-8`);
  return encoding ?? ASSUMED.encoding;
}

/** Anything may stand there, of any length. */
function toQuoted(text: string): string {
  return JSON.stringify(text.slice(0, 40));
}
