import type { Archive, StagedObject } from "../archive/archive.ts";
import type { Identity } from "../audio/identify.ts";
import { type Clock, toIsoInstant } from "../core/clock.ts";
import { DigestMismatchError, type ErrorCode, type HoldfastError, SizeMismatchError } from "../core/errors.ts";
import type { Finding, FindingKind } from "../core/finding.ts";
import type { RemoteRecording } from "../vendor/recording-source.ts";

/** Whole bytes that do not fit what was promised of them. */
export interface RejectedBytes {
  readonly staged: StagedObject;
  readonly identity: Identity;
  /** Why they were not taken. */
  readonly error: HoldfastError;
}

/**
 * Puts bytes that no other attempt has bettered into quarantine: they may be all that will be left of the recording.
 *
 * @returns the finding to report.
 */
export async function quarantineRejected(
  { archive, clock }: { readonly archive: Archive; readonly clock: Clock },
  { recordingId, callId }: RemoteRecording,
  { staged, identity, error }: RejectedBytes,
): Promise<Finding> {
  const { sizeBytes, sha256, content } = identity;
  const finding: Finding = {
    kind: KINDS[error.code] ?? "corrupt-frames",
    subject: recordingId,
    message: `${error.message}; the bytes were put into quarantine`,
    detail: toDetail(error),
  };
  const note = { recordingId, callId, quarantinedAt: toIsoInstant(clock.now()), label: content.label };
  await archive.quarantine(staged, { ...note, sizeBytes, sha256, findings: [finding] });
  return finding;
}

const KINDS: Readonly<Partial<Record<ErrorCode, FindingKind>>> = {
  DIGEST_MISMATCH: "digest-mismatch",
  SIZE_MISMATCH: "size-mismatch",
  MEDIA_NOT_AUDIO: "not-audio",
};

function toDetail(error: HoldfastError): Finding["detail"] {
  if (error instanceof DigestMismatchError) {
    return { algorithm: "sha256", expected: error.expected, found: error.found };
  }
  return error instanceof SizeMismatchError ? { expected: error.expectedBytes, found: error.foundBytes } : {};
}
