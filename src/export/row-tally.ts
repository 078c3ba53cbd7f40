import { createHash } from "node:crypto";
import type { PackagedRecording } from "../core/packaged-recording.ts";
import type { PackageDescriptor } from "../packaging/schema.ts";

/** Sums up the rows of a package as they come: gone through once more for each sum, ten thousand of them take a second. */
export class RowTally {
  readonly #identity = createHash("sha256");
  readonly #counts = { recordings: 0, originals: 0, originalBytes: 0, durationMs: 0 };
  #isUndrawn = false;

  add(row: PackagedRecording): void {
    const { original, audio } = row;
    this.#identity.update(original.sha256);
    this.#counts.originals += 1;
    this.#counts.originalBytes += original.sizeBytes;
    this.#isUndrawn ||= isUndrawn(row);
    if (audio === undefined) return;
    this.#counts.recordings += 1;
    this.#counts.durationMs += Math.round(audio.durationSeconds * 1000);
  }

  get counts(): PackageDescriptor["counts"] {
    const { durationMs, ...counts } = this.#counts;
    return { ...counts, durationSeconds: durationMs / 1000 };
  }

  /** Whether the waveform of a recording is missing. */
  get hasUndrawn(): boolean {
    return this.#isUndrawn;
  }

  /** Gives what tells these originals from others, in their order. */
  toIdentity(): string {
    return this.#identity.copy().digest("hex");
  }
}

/** Tells whether the waveform of a recording is missing. */
export function isUndrawn({ audio, waveform }: PackagedRecording): boolean {
  return audio !== undefined && waveform === undefined;
}
