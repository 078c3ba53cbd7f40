import { parseChecksumList } from "../../checksum/checksum-list.ts";
import type { ChecksumList, ListedFile } from "../../checksum/listed-file.ts";
import { type MergedFile, type MergedList, mergeListed } from "../../checksum/merge-listed.ts";
import type { Finding } from "../../core/finding.ts";
import type { Places } from "./listed-place.ts";

/** What a list of checksums says of the files of a folder. */
export interface ListedFiles {
  /** All that it names, by the way from the folder. */
  readonly named: ReadonlyMap<string, MergedFile>;
  /** Those of which a digest can be computed. */
  readonly files: readonly (readonly [way: string, file: MergedFile])[];
  /** Lines that cannot be used. */
  readonly findings: readonly Finding[];
  readonly remarks: readonly string[];
}

/** Reads a list, and what its lines mean in a folder. Pure. */
export function readListed(listPath: string, bytes: Uint8Array, places: Places): ListedFiles {
  const list = parseChecksumList(bytes);
  const unsafe: ListedFile[] = [];
  const merged = mergeListed(toWays(list.files, places, unsafe));
  const files = [...merged.files].filter(([, { digests }]) => digests.length > 0);
  const unverifiable = merged.files.size - files.length;
  const toPath = (way: string) => places.toPlace(way);
  return {
    named: merged.files,
    files,
    findings: [
      ...list.problems.map(({ lineNumber, reason }) => toInvalid(listPath, `line ${lineNumber} ${reason}`)),
      ...toContradictions(listPath, merged, toPath),
      ...unsafe.map((file) => toUnsafe(listPath, file)),
      ...(unverifiable > 0 ? [toUnverifiable(listPath, list, unverifiable)] : []),
    ],
    remarks: toRemarks(list, merged, unverifiable),
  };
}

/** Sets aside what leads out of the folder. */
function* toWays(files: readonly ListedFile[], places: Places, unsafe: ListedFile[]): Generator<ListedFile> {
  for (const file of files) {
    const way = places.tryToWay(file.path);
    if (way === undefined) unsafe.push(file);
    else if (way === file.path) yield file;
    else yield { lineNumber: file.lineNumber, path: way, digests: file.digests, sizeBytes: file.sizeBytes };
  }
}

function toInvalid(subject: string, message: string): Finding {
  return { kind: "manifest-invalid", subject, message, detail: {} };
}

function toContradictions(
  listPath: string,
  { contradictions }: MergedList,
  toPath: (way: string) => string,
): readonly Finding[] {
  return contradictions.map(({ path, lineNumbers: [first, second], what }) =>
    toInvalid(toPath(path), `lines ${first} and ${second} of ${listPath} name different ${what} for this file`),
  );
}

function toUnsafe(listPath: string, { path, lineNumber }: ListedFile): Finding {
  const message = `line ${lineNumber} of ${listPath} leads out of its folder; it was not followed`;
  return { kind: "unsafe-path", subject: path, message, detail: {} };
}

function toUnverifiable(listPath: string, { unknownAlgorithms }: ChecksumList, files: number): Finding {
  const names = unknownAlgorithms.join(", ");
  const what = names === "" ? "no digests" : `digests of ${names} alone, which cannot be computed here`;
  const message = `of ${files} of its files it has ${what}; they were not looked at`;
  return { kind: "checksum-unverifiable", subject: listPath, message, detail: { found: files } };
}

function toRemarks(
  { unknownAlgorithms }: ChecksumList,
  { repeated }: MergedList,
  unverifiable: number,
): readonly string[] {
  const names = unverifiable === 0 ? unknownAlgorithms.join(", ") : "";
  return [
    ...(names === "" ? [] : [`digests of ${names} were not checked, others of the same files were`]),
    ...(repeated === 0 ? [] : [`${repeated} of its lines only repeat others`]),
  ];
}
