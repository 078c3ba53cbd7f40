import type { Digest } from "../core/digest.ts";

/** What one line says of one file. */
export interface ListedFile {
  readonly lineNumber: number;
  /** As it was written, without the list's escaping: relative or absolute, and not to be trusted. */
  readonly path: string;
  /** Empty where the line has only digests of algorithms that are not computed here. */
  readonly digests: readonly Digest[];
  /** Undefined in lists that do not tell. */
  readonly sizeBytes: number | undefined;
}

/** A line that says nothing that can be used. */
export interface LineProblem {
  readonly lineNumber: number;
  /** Half a sentence for a person. */
  readonly reason: string;
}

/** A list of checksums, line by line. */
export interface ChecksumList {
  readonly files: readonly ListedFile[];
  readonly problems: readonly LineProblem[];
  /** Algorithms that it has digests of and that are not computed here, by the names that it gives them. */
  readonly unknownAlgorithms: readonly string[];
}

/** What one line is read as; a text tells why it cannot be read. */
export type ReadLine = Omit<ListedFile, "lineNumber"> | { readonly reason: string } | undefined;

/** Reads the lines of one form; undefined for those that say nothing, such as comments. */
export interface LineReader {
  read(line: string): ReadLine;
}

/** Takes the names of algorithms that are not computed here. */
export type OnUnknown = (algorithm: string) => void;
