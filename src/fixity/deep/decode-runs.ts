import type { Decodable } from "./decoding.ts";
import { toLawfulComplaint } from "./judge-complaint.ts";

/** A run of ffmpeg opens all of its files at once, and one that is not clean is done again file by file. */
const MAX_FILES = 16;

/** Beyond so much audio, starting ffmpeg is nothing beside decoding. */
const MAX_SECONDS = 1200;

/**
 * Puts recordings together that are decoded in one run of ffmpeg, in their order. Starting one costs as much as decoding two
 * minutes of audio. Those of which it is likely to complain, or that have to be copied first, go alone.
 */
export function toDecodeRuns(recordings: readonly Decodable[]): readonly (readonly Decodable[])[] {
  const runs: Decodable[][] = [];
  let open: Decodable[] = [];
  let seconds = 0;
  for (const recording of recordings) {
    if (goesAlone(recording)) {
      runs.push([recording]);
      continue;
    }
    if (open.length === 0 || open.length === MAX_FILES || seconds >= MAX_SECONDS) {
      [open, seconds] = [[], 0];
      runs.push(open);
    }
    open.push(recording);
    seconds += recording.structure.durationSeconds;
  }
  return runs;
}

function goesAlone({ structure }: Decodable): boolean {
  const { defects, streamSpan } = structure;
  return defects.length > 0 || streamSpan !== undefined || toLawfulComplaint(structure) !== undefined;
}
