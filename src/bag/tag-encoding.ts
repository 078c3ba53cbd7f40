import { gradeSinceRfc } from "./bag-version.ts";
import type { TagFile } from "./tag-file.ts";

const BYTE_ORDER_MARK = "\uFEFF";

/** How the tag files of a bag other than `bagit.txt` are encoded. */
export interface TagEncoding {
  /** As `bagit.txt` spells it. */
  readonly name: string;
  readonly family: "utf-8" | "utf-16" | "other";
  /**
   * Reads bytes, with their byte order mark if they have one.
   *
   * @throws {TypeError} they are not in this encoding.
   */
  readonly decode: (bytes: Uint8Array) => string;
}

/** What is assumed where `bagit.txt` does not tell, or names what nobody knows. */
export const UTF_8: TagEncoding = { name: "UTF-8", family: "utf-8", decode: toDecode("utf-8") };

/** Finds an encoding by its IANA name; undefined for one that this program does not know. */
export function tryFindTagEncoding(name: string): TagEncoding | undefined {
  if (/^utf-?8$/i.test(name)) return { ...UTF_8, name };
  if (/^utf-?16(?:be|le)?$/i.test(name)) return { name, family: "utf-16", decode: toDecodeUtf16(name) };
  // The label means Windows-1252 to a TextDecoder.
  if (/^iso[-_]?8859-1$/i.test(name)) return { name, family: "other", decode: decodeLatin1 };
  try {
    return { name, family: "other", decode: toDecode(name) };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * Reads a tag file, and notes when it is not in the encoding of the bag; it is read nevertheless, so that the rest can be
 * judged.
 *
 * @see RFC 8493 section 2.3
 */
export function decodeTagFile(bytes: Uint8Array, encoding: TagEncoding, { name, version, notes }: TagFile): string {
  const text = tryDecode(bytes, encoding);
  if (text === undefined) {
    notes.add({ grade: "not-conforming", subject: name, message: `its bytes are not ${encoding.name}` });
    return new TextDecoder().decode(bytes);
  }
  if (!text.startsWith(BYTE_ORDER_MARK)) return text;
  if (encoding.family === "utf-8") {
    notes.add({ grade: gradeSinceRfc(version), subject: name, message: "it begins with a byte order mark" });
  }
  return text.slice(1);
}

function tryDecode(bytes: Uint8Array, { decode }: TagEncoding): string | undefined {
  try {
    return decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function toDecode(label: string): (bytes: Uint8Array) => string {
  const toDecoder = () => new TextDecoder(label, { fatal: true, ignoreBOM: true });
  toDecoder();
  // One that has met wrong bytes is not used again.
  return (bytes) => toDecoder().decode(bytes);
}

/** A byte order mark is believed before the name; without both the high byte comes first (RFC 2781 section 4.3). */
function toDecodeUtf16(name: string): (bytes: Uint8Array) => string {
  const [big, little] = [toDecode("utf-16be"), toDecode("utf-16le")];
  return (bytes) => {
    if (bytes[0] === 0xfe && bytes[1] === 0xff) return big(bytes);
    if (bytes[0] === 0xff && bytes[1] === 0xfe) return little(bytes);
    return /le$/i.test(name) ? little(bytes) : big(bytes);
  };
}

function decodeLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
