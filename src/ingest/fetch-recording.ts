import { posix } from "node:path";
import { type ArchivePlace, toOriginalKey } from "../archive/archive-key.ts";
import { ArchiveConflictError } from "../archive/errors.ts";
import { type Evidence, SIDECAR_SCHEMA, type Sidecar, type StoredAudio, type VendorRecord } from "../archive/schema.ts";
import type { LocatedSidecar } from "../archive/sidecar.ts";
import { toStoredAudio } from "../archive/stored-audio.ts";
import { type Identity, identify } from "../audio/identify.ts";
import { type Clock, toIsoInstant } from "../core/clock.ts";
import type { Sha256Hex } from "../core/digest.ts";
import { DigestMismatchError, SizeMismatchError } from "../core/errors.ts";
import { findNotice, type NoticeRule } from "../core/notice.ts";
import type { CallerChannel } from "../core/profile.ts";
import type { StorageKey } from "../core/storage-key.ts";
import type { RemoteRecording } from "../vendor/recording-source.ts";
import type { FetchItem, FetchPorts, RecordedSha256 } from "./fetch-plan.ts";
import { findProof, gradeEvidence, type Received } from "./promises.ts";

/** What checking a recording needs. */
export interface CheckContext extends Pick<FetchPorts, "archive" | "source"> {
  readonly clock: Clock;
  /** What the operator states of two-party recordings. */
  readonly callerChannel?: CallerChannel | undefined;
  /** @default none */
  readonly notices?: readonly NoticeRule[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A recording, with the digest that its bytes must have beside those that the vendor promises. */
export interface CheckSubject extends Omit<FetchItem, "action"> {
  /** What the archive itself wrote down, in the catalogue or in the sidecar of an original that is gone. */
  readonly recordedSha256: RecordedSha256;
}

/**
 * Holds bytes that have come against all that is known of them and makes their sidecar.
 *
 * @throws {DigestMismatchError} they have another digest.
 * @throws {SizeMismatchError} no digest proves them and the size is not the promised one.
 * @throws {NotAudioError} they are no recording.
 */
export function toCheckedSidecar(
  context: CheckContext,
  { remote, promises, recordedSha256 }: CheckSubject,
  received: ReceivedRecording,
): Sidecar {
  if (recordedSha256 !== undefined) assertDigest(remote, recordedSha256, received);
  const original = toStoredAudio(remote.recordingId, received.identity, (format) => toOriginalName(remote, format));
  return toSidecar(context, { remote, original, evidence: gradeEvidence(promises, received) });
}

/** Bytes that have come, with what they are. */
export interface ReceivedRecording extends Received {
  readonly identity: Identity;
}

/**
 * Makes the sidecar for an original that a killed run left under its final name, after reading all of it. It must have
 * the digest that the run noted, or that the vendor names: a file of the right size proves nothing.
 *
 * @throws {ArchiveConflictError} it is not what was being stored; it is left as it is for a person to look at.
 */
export async function adoptRecording(
  context: CheckContext,
  subject: CheckSubject,
  orphan: { readonly key: StorageKey },
): Promise<LocatedSidecar> {
  const { archive, signal } = context;
  const { remote, promises, recordedSha256 } = subject;
  const isProvable = recordedSha256 !== undefined || findProof(promises.digests) !== undefined;
  if (!isProvable) throw toConflict(remote, orphan);
  const identity = await identify(archive.read(orphan.key, signal));
  const { sizeBytes, sha256 } = identity;
  try {
    return await archive.storeOriginal(undefined, toCheckedSidecar(context, subject, { sizeBytes, sha256, identity }));
  } catch (error) {
    if (!(error instanceof DigestMismatchError || error instanceof SizeMismatchError)) throw error;
    throw toConflict(remote, orphan, error);
  }
}

function toConflict({ recordingId }: RemoteRecording, { key }: { readonly key: StorageKey }, cause?: unknown) {
  return new ArchiveConflictError(
    `a file that no run of ours is known to have stored stands for ${recordingId}: ${key}`,
    {
      cause,
      hint: "move that file out of the archive and fetch again",
    },
  );
}

interface CheckedBytes {
  readonly original: StoredAudio;
  readonly evidence: Evidence;
}

function assertDigest({ recordingId }: RemoteRecording, expected: Sha256Hex, { sha256 }: Received): void {
  if (sha256 !== expected) throw new DigestMismatchError({ subject: recordingId, expected, found: sha256 });
}

function toOriginalName(place: ArchivePlace, format: StoredAudio["format"]): string {
  return posix.basename(toOriginalKey(place, format));
}

function toSidecar(
  { clock, source, callerChannel, notices = [] }: CheckContext,
  { remote, original, evidence }: CheckedBytes & { readonly remote: RemoteRecording },
): Sidecar {
  const now = clock.now();
  return {
    schema: SIDECAR_SCHEMA,
    recordingId: remote.recordingId,
    callId: remote.callId,
    ...(callerChannel !== undefined && original.structure.channels === 2 ? { callerChannel } : {}),
    notice: findNotice(notices, remote, now),
    vendor: toVendorRecord(remote, source.traits.name),
    fetchedAt: toIsoInstant(now),
    original,
    evidence,
    derivatives: [],
  };
}

function toVendorRecord(remote: RemoteRecording, source: string): VendorRecord {
  return {
    source,
    status: remote.status,
    createdAt: toIsoInstant(remote.createdAtMs),
    completedAt: remote.completedAtMs === undefined ? undefined : toIsoInstant(remote.completedAtMs),
    durationSeconds: remote.durationSeconds,
    sizeBytes: remote.sizeBytes,
    format: remote.format,
    bitrateKbps: remote.bitrateKbps,
    sampleRateHz: remote.sampleRateHz,
    channels: remote.channels,
    from: remote.from,
    to: remote.to,
    direction: remote.direction,
  };
}
