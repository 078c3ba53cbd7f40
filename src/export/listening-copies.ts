import type { AudioFormat } from "../core/audio-format.ts";
import type { PackagedFile, PackagedRecording, Waveform } from "../core/packaged-recording.ts";
import { RECORD_SUFFIX } from "../core/record-name.ts";
import type { PackageFolder } from "./package-folder.ts";

/** An original of which a copy for listening is wanted, by their places in the package. */
export interface ToListenTo {
  readonly path: string;
  readonly sizeBytes: number;
}

/** A copy for listening that was made, with its record beside it. */
export interface MadeCopy {
  /** In the package. */
  readonly path: string;
  readonly profile: string;
  /** The program that made it, with its version. */
  readonly madeBy: string;
}

/** Makes copies for listening of originals that stand in a package. */
export interface Listening {
  readonly format: AudioFormat;

  /**
   * Makes them, each with a record of how it was made beside it, on disk when it settles.
   *
   * @returns by the original's place, the copy, or in words why there is none.
   */
  make(
    root: string,
    originals: readonly ToListenTo[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, MadeCopy | string>>;
}

/** Takes the waveforms of recordings that have to be decoded for that; undefined where one cannot be. */
export type DecodeWaveforms = (
  files: readonly { readonly path: string; readonly audio: NonNullable<PackagedRecording["audio"]> }[],
  signal?: AbortSignal,
) => Promise<readonly (Waveform | undefined)[]>;

/** A copy for listening, as a package tells of it. */
export type ListeningCopy = NonNullable<PackagedRecording["listeningCopy"]>;

/**
 * Takes copies that were made, and their records, into the package.
 *
 * @returns the copies by the original's place.
 */
export async function takeCopies(
  made: ReadonlyMap<string, MadeCopy | string>,
  folder: PackageFolder,
  options: { readonly md5: boolean },
): Promise<ReadonlyMap<string, ListeningCopy>> {
  const copies = new Map<string, ListeningCopy>();
  for (const [original, copy] of made) {
    if (typeof copy === "string") continue;
    const file: PackagedFile = await folder.take(copy.path, options);
    await folder.take(`${copy.path}${RECORD_SUFFIX}`);
    copies.set(original, { ...file, profile: copy.profile, madeBy: copy.madeBy });
  }
  return copies;
}
