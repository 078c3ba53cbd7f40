import { dropFormulaMarks, toCsvField } from "../io/csv-field.ts";
import { toSpelling } from "./spelling.ts";

/** How values stand in a line of a load file. */
export interface LoadFileSyntax {
  readonly extension: "dat" | "csv";
  readonly separator: string;
  /** Stands around values, and twice for one in a value. */
  readonly quote: string;
  readonly pathSeparator: "/" | "\\";
  /** Writes a value. */
  readonly toCell: (value: string) => string;
  /** Reads a value, without the quotes. */
  readonly toValue: (text: string) => string;
  /**
   * Matches a value with what ends it, which is empty at the end of the line: what stands in quotes or what stands bare, then
   * the end. Sticky.
   */
  readonly cell: RegExp;
}

const [DC4, THORN, REGISTERED] = ["\u0014", "\u00FE", "\u00AE"];

const dat = toSpelling(REGISTERED);

/**
 * Concordance's: DC4 between values, a thorn around each, and a registered sign for a line end in one. A thorn in a value is
 * doubled, as Relativity's own exports have it; a registered sign, and a DC4 for those who look for nothing else, is spelt out.
 */
export const DAT: LoadFileSyntax = {
  extension: "dat",
  separator: DC4,
  quote: THORN,
  pathSeparator: "\\",
  toCell: (value) => {
    const text = dat.spellOut(value).replaceAll(/\r\n|[\r\n]/g, REGISTERED);
    return `${THORN}${text.replaceAll(THORN, THORN + THORN)}${THORN}`;
  },
  toValue: (text) => dat.readSpelt(text.replaceAll(REGISTERED, "\n")),
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the separator is one
  cell: /\u00FE([^\u00FE]*(?:\u00FE\u00FE[^\u00FE]*)*)\u00FE()(\u0014|$)/y,
};

const csv = toSpelling("");

/** @see RFC 4180 section 2 */
export const CSV: LoadFileSyntax = {
  extension: "csv",
  separator: ",",
  quote: '"',
  pathSeparator: "/",
  toCell: (value) => toCsvField(csv.spellOut(value)),
  toValue: (text) => csv.readSpelt(dropFormulaMarks(text)),
  cell: /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|$)/y,
};

/**
 * Reads the values of one line.
 *
 * @returns undefined if it is no such line.
 */
export function tryReadCells(line: string, { cell, quote, toValue }: LoadFileSyntax): string[] | undefined {
  const values: string[] = [];
  let end: string | undefined;
  for (cell.lastIndex = 0; end !== ""; ) {
    const [match, quoted, bare = "", ending] = cell.exec(line) ?? [];
    if (match === undefined) return undefined;
    values.push(toValue(quoted?.replaceAll(quote + quote, quote) ?? bare));
    end = ending;
  }
  return values;
}
