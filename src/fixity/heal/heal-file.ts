import type { Archive, StagedObject } from "../../archive/archive.ts";
import { type HoldfastError, isHoldfastError } from "../../core/errors.ts";
import type { StorageKey } from "../../core/storage-key.ts";
import type { HealSource } from "./heal-source.ts";
import { type DamagedFile, type QuarantineOptions, toDamageNote } from "./quarantine-file.ts";
import { stageCopy, type TriedCandidate } from "./stage-copy.ts";
import { lookAtStanding, type StandingFile } from "./standing-file.ts";

/** What healing goes by. */
export interface HealOptions extends QuarantineOptions {
  readonly source: HealSource;
}

/** What became of a file that was to be healed. */
export type HealOutcome =
  /** The recorded bytes stand there again, were brought to disk and read once more. What stood there is in quarantine. */
  | { readonly status: "healed"; readonly from: string; readonly quarantinedAs: StorageKey | undefined }
  /** The recorded bytes stood there when they were read again; nothing was done. */
  | { readonly status: "sound" }
  /** The source has no copy that fits; nothing was done. `tried` is empty when it has nothing that could be one. */
  | { readonly status: "no-copy"; readonly tried: readonly TriedCandidate[] }
  /** It could not be done; with `quarantinedAs`, what stood there has been moved away already. */
  | { readonly status: "failed"; readonly error: HoldfastError; readonly quarantinedAs: StorageKey | undefined };

/**
 * Puts a copy in the place of a recorded file that is damaged or gone. First the copy is on disk and has the recorded size
 * and digest, then what stands there is moved into quarantine, then the copy gets the name, if nothing else has got it. A
 * crash leaves the damaged file, or none: healing it again goes on from there. The catalogue is not changed.
 *
 * @throws the reason of `signal` when it aborts, at the latest before anything is moved.
 */
export async function healFile(archive: Archive, damaged: DamagedFile, options: HealOptions): Promise<HealOutcome> {
  const { file } = damaged;
  try {
    const standing = await lookAtStanding(archive, file, options.signal);
    if (standing.kind === "sound") return { status: "sound" };
    const copy = await stageCopy(archive, file, options);
    if (copy.staged === undefined) return { status: "no-copy", tried: copy.tried };
    try {
      options.signal?.throwIfAborted();
      return await replaceStanding(archive, { damaged, standing, copy }, options);
    } finally {
      await copy.staged.discard();
    }
  } catch (error) {
    return toFailed(error, undefined);
  }
}

/** What stands there, what is to stand there, and why. */
interface Replacement {
  readonly damaged: DamagedFile;
  readonly standing: StandingFile;
  /** Of the recorded bytes, on disk already. */
  readonly copy: { readonly staged: StagedObject; readonly from: string };
}

/** Is not broken off any more: it takes a rename or two, and one reading. */
async function replaceStanding(
  archive: Archive,
  { damaged, standing, copy }: Replacement,
  options: HealOptions,
): Promise<HealOutcome> {
  const { staged, from } = copy;
  let quarantinedAs: StorageKey | undefined;
  if (standing.kind === "damaged") {
    quarantinedAs = await archive.quarantineDamaged({ ...toDamageNote(damaged, standing, options), healedFrom: from });
  }
  try {
    await archive.restore(staged, damaged.file);
    return { status: "healed", from, quarantinedAs };
  } catch (error) {
    return toFailed(error, quarantinedAs);
  }
}

function toFailed(error: unknown, quarantinedAs: StorageKey | undefined): HealOutcome {
  if (!isHoldfastError(error)) throw error;
  return { status: "failed", error, quarantinedAs };
}
