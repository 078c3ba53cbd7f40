import { type Digest, type DigestAlgorithm, HEX_DIGITS } from "../core/digest.ts";
import { tryParseAlgorithm } from "./algorithm-names.ts";
import type { LineReader, OnUnknown, ReadLine } from "./listed-file.ts";

/** A column between the size, which is the first, and the name, which is the last and may hold commas itself. */
type Column = DigestAlgorithm | undefined;

const HEX = /^[0-9a-fA-F]+$/;

/** Tells hashdeep's form by its first line. */
export function isHashdeep(text: string): boolean {
  return text.startsWith("%%%% HASHDEEP");
}

/**
 * Reads the lines of a file that `hashdeep` wrote. Columns of algorithms that are not computed here, tiger and whirlpool, are
 * left out.
 *
 * @see md5deep 4.4, `hashdeep` file format: `%%%% HASHDEEP-1.0`, `%%%% size,md5,sha256,filename`, `##` comments
 */
export class HashdeepReader implements LineReader {
  readonly #onUnknown: OnUnknown;
  #columns: readonly Column[] | undefined;

  constructor(onUnknown: OnUnknown) {
    this.#onUnknown = onUnknown;
  }

  read(line: string): ReadLine {
    if (line.startsWith("%%%% ")) return this.#readHeader(line.slice(5));
    if (line === "" || line.startsWith("##")) return undefined;
    return this.#columns === undefined ? NO_COLUMNS : readRow(line, this.#columns);
  }

  #readHeader(header: string): ReadLine {
    if (header.startsWith("HASHDEEP-")) return header.trimEnd() === "HASHDEEP-1.0" ? undefined : OTHER_VERSION;
    const [size, ...names] = header.trimEnd().split(",");
    if (size !== "size" || names.pop() !== "filename") {
      this.#columns = undefined;
      return ODD_COLUMNS;
    }
    this.#columns = names.map((name) => this.#toColumn(name));
    return undefined;
  }

  #toColumn(name: string): Column {
    const algorithm = tryParseAlgorithm(name);
    if (algorithm === undefined) this.#onUnknown(name);
    return algorithm;
  }
}

const NO_COLUMNS: ReadLine = { reason: "comes before the line that names the columns" };
const OTHER_VERSION: ReadLine = { reason: "names another version of hashdeep's form than 1.0" };
const ODD_COLUMNS: ReadLine = { reason: "names columns that do not begin with size and end with filename" };
const ODD_ROW: ReadLine = { reason: "does not have a size, the digests that its columns name, and a file name" };

function readRow(line: string, columns: readonly Column[]): ReadLine {
  const digests: Digest[] = [];
  let at = line.indexOf(",");
  const sizeBytes = toSize(line.slice(0, Math.max(at, 0)));
  if (sizeBytes === undefined) return ODD_ROW;
  for (const algorithm of columns) {
    const end = line.indexOf(",", at + 1);
    if (end === -1) return ODD_ROW;
    const digits = line.slice(at + 1, end);
    at = end;
    if (algorithm === undefined) continue;
    if (digits.length !== HEX_DIGITS[algorithm] || !HEX.test(digits)) return ODD_ROW;
    digests.push({ algorithm, hex: digits.toLowerCase() });
  }
  const path = line.slice(at + 1);
  return path === "" ? ODD_ROW : { path, digests, sizeBytes };
}

function toSize(text: string): number | undefined {
  const size = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(size) ? size : undefined;
}
