import { type ArchivedFile, type ArchivedRecording, type FileRole, toContent } from "../core/archived-file.ts";
import type { Sha256Hex } from "../core/digest.ts";
import type { EventType, LedgerEvent } from "../core/ledger-event.ts";
import type { DamageNote, QuarantineNote } from "./quarantine.ts";
import type { Derivative } from "./schema.ts";
import type { LocatedSidecar } from "./sidecar.ts";

/** Why a recording's sidecar is written, and what the ledger is told of it beside the digests. */
export interface Change {
  readonly type: EventType;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Tells of an original that came. */
export function toFetchedChange({ sidecar }: Pick<LocatedSidecar, "sidecar">): Change {
  const { callId, original, evidence, vendor } = sidecar;
  const { format, sizeBytes } = original;
  const encrypted = original.stored === undefined ? {} : { encrypted: true };
  const detail = { callId, source: vendor.source, evidence: evidence.grade, format, sizeBytes, ...encrypted };
  return { type: "fetched", detail };
}

/** Tells of derivatives that were made. */
export function toConvertedChange(made: readonly Derivative[]): Change {
  const outputs = made.map(({ file, profile, sha256, sizeBytes }) => ({ file, profile, sha256, sizeBytes }));
  return { type: "converted", detail: { outputs } };
}

/** Tells what stands in the archive of a recording from now on: the digests by which any other state is found out. */
export function toStoreEvent({ sidecar }: LocatedSidecar, change: Change, sidecarSha256: Sha256Hex): LedgerEvent {
  const { recordingId, original } = sidecar;
  return {
    type: change.type,
    subject: recordingId,
    digests: {
      original: original.sha256,
      ...(original.stored === undefined ? {} : { stored: original.stored.sha256 }),
      sidecar: sidecarSha256,
    },
    detail: change.detail,
  };
}

/** Tells of a recording that is catalogued, and that no ledger has spoken of. */
export function toAdoptedEvent(recording: ArchivedRecording): LedgerEvent {
  const { recordingId, callId, files } = recording;
  const digests = Object.fromEntries(
    (["original", "sidecar", "tombstone"] as const).flatMap((role) => {
      const file = findByRole(files, role);
      // A tombstone stands where the sidecar did.
      return file === undefined ? [] : [[role === "tombstone" ? "sidecar" : role, toContent(file).sha256]];
    }),
  );
  return { type: "adopted", subject: recordingId, digests, detail: { callId } };
}

/** Tells of bytes that went into quarantine, as their note does. */
export function toQuarantinedEvent(note: QuarantineNote | DamageNote, quarantinedAs: string): LedgerEvent {
  const { recordingId, sha256, label } = note;
  const digests = sha256 === undefined ? {} : { digests: { quarantined: sha256 } };
  const place = "key" in note ? { key: note.key } : {};
  return { type: "quarantined", subject: recordingId, ...digests, detail: { ...place, quarantinedAs, label } };
}

function findByRole(files: readonly ArchivedFile[], role: FileRole): ArchivedFile | undefined {
  return files.find((file) => file.role === role);
}
