import type { Digest } from "../core/digest.ts";
import type { ListedFile } from "./listed-file.ts";

/** All that a list says of one file. */
export interface MergedFile {
  readonly lineNumber: number;
  readonly digests: readonly Digest[];
  readonly sizeBytes: number | undefined;
}

/** Two lines that cannot both be true. */
export interface Contradiction {
  readonly path: string;
  readonly lineNumbers: readonly [number, number];
  readonly what: string;
}

/** A list by its files. */
export interface MergedList {
  /** By path, in the order in which the list first names them. */
  readonly files: ReadonlyMap<string, MergedFile>;
  /** How many lines say nothing that another did not say. */
  readonly repeated: number;
  readonly contradictions: readonly Contradiction[];
}

/**
 * Puts together what several lines say of the same file. Where they contradict each other both digests are kept: no file fits
 * both.
 */
export function mergeListed(lines: Iterable<ListedFile>): MergedList {
  const files = new Map<string, MergedFile>();
  const contradictions: Contradiction[] = [];
  let repeated = 0;
  for (const line of lines) {
    const { path, lineNumber, digests, sizeBytes } = line;
    const known = files.get(path);
    if (known === undefined) {
      files.set(path, line);
      continue;
    }
    const added = digests.filter(
      ({ algorithm, hex }) => !known.digests.some((one) => one.algorithm === algorithm && one.hex === hex),
    );
    const what = findContradiction(known, { digests: added, sizeBytes });
    if (what !== undefined) contradictions.push({ path, lineNumbers: [known.lineNumber, lineNumber], what });
    if (added.length === 0) repeated += 1;
    files.set(path, {
      lineNumber: known.lineNumber,
      digests: [...known.digests, ...added],
      sizeBytes: known.sizeBytes ?? sizeBytes,
    });
  }
  return { files, repeated, contradictions };
}

function findContradiction(
  known: MergedFile,
  { digests, sizeBytes }: Pick<MergedFile, "digests" | "sizeBytes">,
): string | undefined {
  const differing = digests.find(({ algorithm }) => known.digests.some((one) => one.algorithm === algorithm));
  if (differing !== undefined) return `${differing.algorithm} digests`;
  return known.sizeBytes !== undefined && sizeBytes !== undefined && known.sizeBytes !== sizeBytes
    ? "sizes"
    : undefined;
}
