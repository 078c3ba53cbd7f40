/** All of a tar file comes in blocks of this size. */
export const BLOCK_BYTES = 512;

/** A name as its two fields have it; what reads it puts a slash between them. */
export interface TarName {
  readonly name: string;
  readonly prefix: string;
}

/** What a header is to say. */
export interface TarHeaderFields {
  readonly name: TarName;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  /** "0" for a regular file, "x" for the pax header of the next one. */
  readonly type: "0" | "x";
}

/** Counts the zeros that fill up the last block of so many bytes. */
export function toPaddingBytes(sizeBytes: number): number {
  return (BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES;
}

/** Spreads a path over the two fields that a header has for it; undefined if it does not fit, or is not ASCII. */
export function tryToTarName(path: string): TarName | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[^\u0001-\u007f]/.test(path)) return undefined;
  if (path.length <= 100) return { name: path, prefix: "" };
  const slash = path.indexOf("/", path.length - 101);
  if (slash < 1 || slash > 155 || slash === path.length - 1) return undefined;
  return { name: path.slice(slash + 1), prefix: path.slice(0, slash) };
}

/**
 * Writes a header.
 *
 * @see POSIX.1-2017 pax, "ustar Interchange Format"
 */
export function toTarHeader({ name: { name, prefix }, sizeBytes, modifiedAtMs, type }: TarHeaderFields): Buffer {
  const header = Buffer.alloc(BLOCK_BYTES);
  header.write(name, 0, 100);
  header.write(`0000644\0${"0000000\0".repeat(2)}`, 100);
  header.write(`${toOctal(sizeBytes)}\0${toOctal(Math.max(0, Math.floor(modifiedAtMs / 1000)))}\0`, 124);
  header.write(type, 156);
  header.write("ustar\u000000", 257);
  header.write("0000000\0".repeat(2), 329);
  header.write(prefix, 345, 155);
  header.write(`${toChecksum(header).toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

function toOctal(value: number): string {
  return value.toString(8).padStart(11, "0");
}

/** Sums all bytes, those of the checksum itself as spaces. */
function toChecksum(header: Buffer): number {
  let sum = 8 * 0x20;
  for (const [index, byte] of header.entries()) if (index < 148 || index >= 156) sum += byte;
  return sum;
}

/** What a header says, as far as it matters here. */
export interface TarHeader {
  readonly name: string;
  /** Undefined where the field cannot be read: a pax header may tell. */
  readonly sizeBytes: number | undefined;
  /** "0" for a regular file, also where an old program wrote a zero byte. */
  readonly type: string;
}

/** Reads a header; undefined when the block is none. */
export function tryParseTarHeader(block: Buffer): TarHeader | undefined {
  if (parseNumber(block.subarray(148, 156)) !== toChecksum(block)) return undefined;
  const name = parseText(block.subarray(0, 100));
  // GNU's own form, which has "ustar  ", keeps other things there.
  const prefix = block.toString("latin1", 257, 263) === "ustar\0" ? parseText(block.subarray(345, 500)) : "";
  const type = block[156] === 0 ? "0" : block.toString("latin1", 156, 157);
  const sizeBytes = parseNumber(block.subarray(124, 136));
  return { name: prefix === "" ? name : `${prefix}/${name}`, sizeBytes, type };
}

/** Tells the blocks that end a tar file, and fill it up. */
export function isZeros(bytes: Uint8Array): boolean {
  return Buffer.alloc(bytes.length).equals(bytes);
}

function parseText(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end === -1 ? field.length : end);
}

/** Octal digits, or what GNU tar has for numbers that need more: a first bit, then the number with its bytes in order. */
function parseNumber(field: Buffer): number | undefined {
  if (field[0] === 0x80) {
    const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const [, digits] = /^ *([0-7]+)[\0 ]/.exec(`${field.toString("latin1")}\0`) ?? [];
  return digits === undefined ? undefined : Number.parseInt(digits, 8);
}
