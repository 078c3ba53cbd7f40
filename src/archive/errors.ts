import { HoldfastError } from "../core/errors.ts";
import type { HeldChange } from "../core/hold.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { Catch } from "./hold-book.ts";

/** There is no archive at the place that was named. */
export class ArchiveNotFoundError extends HoldfastError<"ARCHIVE_NOT_FOUND"> {
  readonly code = "ARCHIVE_NOT_FOUND";
}

/** The archive's marker cannot be read, or is of another layout version. */
export class ArchiveInvalidError extends HoldfastError<"ARCHIVE_INVALID"> {
  readonly code = "ARCHIVE_INVALID";
}

/** The archive holds other bytes for a recording than the ones that are to be stored; it was left as it is. */
export class ArchiveConflictError extends HoldfastError<"ARCHIVE_CONFLICT"> {
  readonly code = "ARCHIVE_CONFLICT";
}

/** A legal hold stands against what was to be done; it was not done. */
export class HoldPreventsError extends HoldfastError<"HOLD_PREVENTS_CHANGE"> {
  readonly code = "HOLD_PREVENTS_CHANGE";
  readonly recordingId: RecordingId;
  readonly cases: readonly string[];

  constructor(recordingId: RecordingId, change: HeldChange, caught: readonly Catch[]) {
    super(`${toReasons(caught).join(", ")}: ${recordingId} ${FORBIDDEN[change]}`, {
      hint: "`holdfast hold list` shows the holds; only `holdfast hold release` lets go of one",
    });
    this.recordingId = recordingId;
    this.cases = toCases(caught);
  }
}

/** Gives the matters of holds, each once. */
export function toCases(caught: readonly Catch[]): readonly string[] {
  return [...new Set(caught.map(({ hold }) => hold.case))];
}

function toReasons(caught: readonly Catch[]): readonly string[] {
  const certain = toCases(caught.filter(({ certainty }) => certainty === "certain"));
  const others = toCases(caught).filter((name) => !certain.includes(name));
  return [
    ...certain.map((name) => `held for ${name}`),
    ...others.map((name) => `perhaps held for ${name}, which asks for what is not known of it`),
  ];
}

/** A hold may be lost with the old ledger, so that recordings could be removed that are held; nothing was changed. */
export class HoldsLostError extends HoldfastError<"POLICY_REFUSED"> {
  readonly code = "POLICY_REFUSED";
  readonly doubts: readonly string[];

  /** @param doubts - Why it may be, a clause each. */
  constructor(doubts: readonly string[]) {
    super(`a hold may be lost with the old ledger: ${doubts.join("; ")}`, {
      hint: "put the folder ledger back from a copy, or hold your own list of held cases against --dry-run and give --accept-lost-holds",
    });
    this.doubts = doubts;
  }
}

/** The archive keeps audio encrypted, and what is to be done takes a key that is not there. */
export class KeyMissingError extends HoldfastError<"ENCRYPTION_KEY_MISSING"> {
  readonly code = "ENCRYPTION_KEY_MISSING";

  constructor(recordingId: RecordingId, done: "stored" | "read" | "wrapped") {
    super(`without a key for encryption, ${recordingId} cannot be ${done}: ${WITHOUT_KEY[done]}`, {
      hint: 'name the key in the configuration file: "encryption": {"key": {"file": "PATH"}}',
    });
  }
}

const WITHOUT_KEY = {
  stored: "the archive keeps its audio encrypted, and nothing is put beside it in the clear",
  read: "it is encrypted",
  wrapped: "there is none to wrap its own key with",
} as const;

/** The key of a recording was destroyed, as its sidecar tells: nobody can read its encrypted audio any more. */
export class KeyDestroyedError extends HoldfastError<"ENCRYPTION_KEY_DESTROYED"> {
  readonly code = "ENCRYPTION_KEY_DESTROYED";

  constructor(recordingId: RecordingId) {
    super(`the key was destroyed: ${recordingId}`);
  }
}

const FORBIDDEN: Readonly<Record<HeldChange, string>> = {
  remove: "may not be removed",
  replace: "may not have a file replaced",
  quarantine: "may not be moved to quarantine",
  restore: "may not be restored",
  purge: "may not be deleted at the vendor",
  "destroy-key": "may not have its key destroyed",
};

/** The recording was removed from the archive: its tombstone is all that is left. */
export class RecordingRemovedError extends HoldfastError<"RECORDING_REMOVED"> {
  readonly code = "RECORDING_REMOVED";
}

/** A sidecar cannot be read. */
export class SidecarInvalidError extends HoldfastError<"SIDECAR_INVALID"> {
  readonly code = "SIDECAR_INVALID";
}
