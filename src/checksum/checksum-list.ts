import { isUtf8 } from "node:buffer";
import { parseChecksumLine } from "./checksum-line.ts";
import { HashdeepReader, isHashdeep } from "./hashdeep.ts";
import type { ChecksumList, LineProblem, LineReader, ListedFile, OnUnknown, ReadLine } from "./listed-file.ts";

/**
 * Reads a list of checksums: lines of `sha256sum` and its like, of BSD's programs and `sha256sum --tag`, of `openssl dgst`,
 * also mixed, or a file of hashdeep. Lines may end in CR LF, and a byte order mark may stand before them.
 *
 * Never throws for what the bytes are; work and memory are linear. A name that is no UTF-8 is a problem, because Node cannot
 * spell it.
 *
 * @see GNU coreutils 9.1, `md5sum` invocation; md5deep 4.4, `hashdeep` file format
 */
export function parseChecksumList(bytes: Uint8Array): ChecksumList {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString("utf8").replace(/^\ufeff/, "");
  const isSound = isUtf8(bytes);
  const unknown = new Set<string>();
  const onUnknown: OnUnknown = (algorithm) => unknown.add(algorithm);
  const reader = isHashdeep(text)
    ? new HashdeepReader(onUnknown)
    : { read: (line: string) => parseChecksumLine(line, onUnknown) };
  const { files, problems } = readLines(text, isSound, reader);
  return { files, problems, unknownAlgorithms: [...unknown] };
}

function readLines(text: string, isSound: boolean, reader: LineReader): Pick<ChecksumList, "files" | "problems"> {
  const files: ListedFile[] = [];
  const problems: LineProblem[] = [];
  let lineNumber = 0;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    const line = text.slice(start, text.charCodeAt(end - 1) === CARRIAGE_RETURN && end > start ? end - 1 : end);
    start = end + 1;
    lineNumber += 1;
    const read = isSound || !line.includes("\ufffd") ? reader.read(line) : NOT_UTF8;
    if (read === undefined) continue;
    if ("reason" in read) problems.push({ lineNumber, reason: read.reason });
    else if (read.path.includes("\0"))
      problems.push({ lineNumber, reason: "names a file with a NUL, which there cannot be" });
    else files.push({ lineNumber, path: read.path, digests: read.digests, sizeBytes: read.sizeBytes });
  }
  return { files, problems };
}

const CARRIAGE_RETURN = 13;
const NOT_UTF8: ReadLine = { reason: "holds bytes that are not UTF-8" };
