import type { Archive } from "../../archive/archive.ts";
import type { DamageNote, Operator } from "../../archive/quarantine.ts";
import type { ArchivedFile } from "../../core/archived-file.ts";
import { type Clock, toIsoInstant } from "../../core/clock.ts";
import { type HoldfastError, isHoldfastError } from "../../core/errors.ts";
import type { Finding } from "../../core/finding.ts";
import type { StorageKey } from "../../core/storage-key.ts";
import { lookAtStanding, type StandingFile } from "./standing-file.ts";

/** A recorded file that was found damaged, and what was found. */
export interface DamagedFile {
  readonly file: ArchivedFile;
  readonly findings: readonly Finding[];
}

/** Who moves damaged bytes, and when. */
export interface QuarantineOptions {
  readonly by: Operator;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** What became of a file that was to go into quarantine. */
export type QuarantineOutcome =
  | { readonly status: "quarantined"; readonly quarantinedAs: StorageKey }
  /** Nothing stands there. */
  | { readonly status: "absent" }
  /** The recorded bytes stood there when they were read again; nothing was done. */
  | { readonly status: "sound" }
  | { readonly status: "failed"; readonly error: HoldfastError };

/**
 * Moves what stands in the place of a recorded file into quarantine, unless it is what is recorded. Its bytes are read once
 * more to know. Nothing takes its place: from then on the file is missing.
 *
 * @throws the reason of `signal` when it aborts, at the latest before anything is moved.
 */
export async function quarantineFile(
  archive: Archive,
  damaged: DamagedFile,
  options: QuarantineOptions,
): Promise<QuarantineOutcome> {
  try {
    const standing = await lookAtStanding(archive, damaged.file, options.signal);
    if (standing.kind !== "damaged") return { status: standing.kind };
    const quarantinedAs = await archive.quarantineDamaged(toDamageNote(damaged, standing, options));
    return { status: "quarantined", quarantinedAs };
  } catch (error) {
    if (!isHoldfastError(error)) throw error;
    return { status: "failed", error };
  }
}

/** Writes down why something leaves the place of a recorded file. */
export function toDamageNote(
  { file, findings }: DamagedFile,
  { kind: _, ...found }: StandingFile & { readonly kind: "damaged" },
  { by, clock }: QuarantineOptions,
): DamageNote {
  const { recordingId, key, role, sizeBytes, sha256 } = file;
  const quarantinedAt = toIsoInstant(clock.now());
  const recorded = { sizeBytes, sha256 };
  return { reason: "damaged", recordingId, role, key, quarantinedAt, by, ...found, recorded, findings };
}
