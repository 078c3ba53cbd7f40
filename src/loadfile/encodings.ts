/** How the text of a load file becomes bytes. */
export interface LoadFileEncoding {
  /** What the file begins with. */
  readonly byteOrderMark: string;
  /** Finds the first character that this encoding has not; undefined if it has all. */
  readonly findMissing: (text: string) => string | undefined;
  /** Writes a text of which nothing is missing. */
  readonly toBytes: (text: string) => Uint8Array;
  /**
   * Begins to read bytes in order, piece by piece and once without any at the end.
   *
   * @throws {TypeError} (what is returned does) they are not in this encoding.
   */
  readonly openReader: () => (bytes?: Uint8Array) => string;
}

/** UTF-8 with a byte order mark, without which review platforms and Excel read another encoding. */
export const UTF_8: LoadFileEncoding = {
  byteOrderMark: "\uFEFF",
  findMissing: (text) => /\p{Cs}/u.exec(text)?.[0],
  toBytes: (text) => Buffer.from(text, "utf8"),
  openReader: () => {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return (bytes) => (bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true }));
  },
};

/**
 * The bytes 0x80 to 0x9F of Windows-1252; all others mean what they mean in ISO 8859-1. A full stop stands for the five that
 * mean nothing.
 *
 * @see https://www.unicode.org/Public/MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1252.TXT
 */
const HIGH_CONTROLS = "€.‚ƒ„…†‡ˆ‰Š‹Œ.Ž..‘’“”•–—˜™š›œ.žŸ";
const FIRST_HIGH_CONTROL = 0x80;
const SPECIAL = HIGH_CONTROLS.replaceAll(".", "");
const SPECIAL_CHARACTER = new RegExp(`[${SPECIAL}]`, "gu");
const MISSING = new RegExp(`[^\\u0000-\\u007F\\u00A0-\\u00FF${SPECIAL}]`, "u");

/** The code page of Western Europe, for platforms that take delimiters for bytes: 0x14, 0xFE, 0xAE. */
export const WINDOWS_1252: LoadFileEncoding = {
  byteOrderMark: "",
  findMissing: (text) => MISSING.exec(text)?.[0],
  toBytes: (text) => Buffer.from(text.replaceAll(SPECIAL_CHARACTER, toHighControl), "latin1"),
  openReader: () => (bytes) =>
    Buffer.from(bytes ?? [])
      .toString("latin1")
      .replaceAll(/[\u0080-\u009F]/g, fromHighControl),
};

function toHighControl(character: string): string {
  return String.fromCharCode(FIRST_HIGH_CONTROL + HIGH_CONTROLS.indexOf(character));
}

function fromHighControl(control: string): string {
  const character = HIGH_CONTROLS.charAt(control.charCodeAt(0) - FIRST_HIGH_CONTROL);
  if (character === ".") throw new TypeError(`a byte that means nothing: 0x${control.charCodeAt(0).toString(16)}`);
  return character;
}
