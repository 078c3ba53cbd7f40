/** Writes a length of time for a sentence: `12.3 seconds`, `0.026 seconds`. */
export function inSeconds(seconds: number): string {
  const digits = seconds >= 1 || seconds === 0 ? 1 : 3;
  return `${seconds.toFixed(digits)} seconds`;
}

/** Writes a number of bytes for a sentence. */
export function inBytes(count: number): string {
  return count === 1 ? "1 byte" : `${count} bytes`;
}
