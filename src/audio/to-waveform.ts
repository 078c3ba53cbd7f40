import type { Waveform } from "../core/packaged-recording.ts";
import type { LoudnessRow } from "./loudness-row.ts";

/** Ends the rows and writes them out; undefined when nothing came. */
export function toWaveform(rows: readonly LoudnessRow[], basis: Waveform["basis"]): Waveform | undefined {
  const ended = rows.map((row) => row.end()).filter((row) => row !== undefined);
  return ended.length === 0 ? undefined : { channels: ended.map((row) => Buffer.from(row).toString("base64")), basis };
}
