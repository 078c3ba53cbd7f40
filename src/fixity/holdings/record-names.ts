/** The names of a seal's two files in the folder that it seals. */
export const MANIFEST_FILE = "SHA256SUMS";
export const SEAL_FILE = "holdfast-seal.json";

/** What a folder's list of checksums is called, the strongest digests first. */
export const LIST_NAMES: readonly string[] = [
  ...["512", "384", "256", "224", "1"].flatMap((bits) => toNames(`SHA${bits}`)),
  ...toNames("MD5"),
  "checksums.txt",
  "hashdeep.txt",
];

function toNames(algorithm: string): readonly string[] {
  const small = algorithm.toLowerCase();
  return [`${algorithm}SUMS`, `${algorithm}SUMS.txt`, `${small}sums.txt`, `${small}sum.txt`];
}
