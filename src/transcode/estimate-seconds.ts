import { extname } from "node:path";

/** What a second usually takes in a call recording; opus and the telephone codecs are about the smallest. */
const BYTES_PER_SECOND: Readonly<Record<string, number>> = {
  ".wav": 32_000,
  ".wave": 32_000,
  ".flac": 16_000,
  ".mp3": 8000,
  ".g722": 8000,
};
const OTHER_BYTES_PER_SECOND = 3500;

/** Guesses the length of a recording by its name and size, to put the longest first. */
export function estimateSeconds(path: string, sizeBytes: number): number {
  return sizeBytes / (BYTES_PER_SECOND[extname(path).toLowerCase()] ?? OTHER_BYTES_PER_SECOND);
}
