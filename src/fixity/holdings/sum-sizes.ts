/** Adds up sizes; undefined when one of them is not known. */
export function sumSizes(files: Iterable<{ readonly sizeBytes: number | undefined }>): number | undefined {
  let sum = 0;
  for (const { sizeBytes } of files) {
    if (sizeBytes === undefined) return undefined;
    sum += sizeBytes;
  }
  return sum;
}
