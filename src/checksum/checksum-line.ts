import { type Digest, HEX_DIGITS } from "../core/digest.ts";
import { tryGuessAlgorithm, tryParseAlgorithm } from "./algorithm-names.ts";
import { tryUnescapeName } from "./escaped-name.ts";
import type { OnUnknown, ReadLine } from "./listed-file.ts";

/** `HEX  NAME` in text mode, `HEX *NAME` in binary mode, `HEX NAME` as BSD's `md5 -r` writes it. */
const GNU_LINE = /^(\\?)([0-9a-fA-F]+)[ \t]([ *]?)(.*)$/s;

/** `SHA256 (NAME) = HEX`, `SHA2-256(NAME)= HEX`. The name ends at the last bracket that an equals sign and a digest follow. */
const TAGGED_LINE = /^(\\?)([A-Za-z][\w/-]*) ?\((.*)\)[ \t]*=[ \t]*([0-9a-fA-F]+)[ \t]*$/s;

const UNREADABLE: ReadLine = { reason: "is no line of a list of checksums" };
const NAMELESS: ReadLine = { reason: "names no file" };
const BADLY_ESCAPED: ReadLine = { reason: "holds a backslash that escapes nothing" };

const NO_DIGESTS: readonly Digest[] = [];

/** Reads one line of a list of checksums, without its end; undefined for blank lines and comments. */
export function parseChecksumLine(line: string, onUnknown: OnUnknown): ReadLine {
  const code = line.charCodeAt(0);
  if (line === "" || code === HASH) return undefined;
  const text = code === SPACE || code === TAB ? line.trimStart() : line;
  const gnu = GNU_LINE.exec(text);
  if (gnu !== null) return toUntagged(gnu);
  const tagged = TAGGED_LINE.exec(text);
  if (tagged !== null) return toTagged(tagged, onUnknown);
  return text === "" ? undefined : UNREADABLE;
}

const HASH = 35;
const SPACE = 32;
const TAB = 9;

function toUntagged([, slash = "", digits = "", , name = ""]: RegExpExecArray): ReadLine {
  const algorithm = tryGuessAlgorithm(digits);
  if (algorithm === undefined)
    return { reason: `begins with ${digits.length} hexadecimal digits, which no known digest has` };
  return toRead(name, slash, [{ algorithm, hex: digits.toLowerCase() }]);
}

function toTagged([, slash = "", tag = "", name = "", digits = ""]: RegExpExecArray, onUnknown: OnUnknown): ReadLine {
  const algorithm = tryParseAlgorithm(tag);
  if (algorithm === undefined) {
    onUnknown(tag);
    return toRead(name, slash, NO_DIGESTS);
  }
  if (digits.length !== HEX_DIGITS[algorithm])
    return { reason: `has ${digits.length} digits where ${algorithm} has ${HEX_DIGITS[algorithm]}` };
  return toRead(name, slash, [{ algorithm, hex: digits.toLowerCase() }]);
}

function toRead(name: string, slash: string, digests: readonly Digest[]): ReadLine {
  if (name === "") return NAMELESS;
  const path = slash === "" ? name : tryUnescapeName(name);
  return path === undefined ? BADLY_ESCAPED : { path, digests, sizeBytes: undefined };
}
