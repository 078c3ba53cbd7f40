import { posix } from "node:path";
import type { Archive } from "../archive/archive.ts";
import { type ArchivePlace, toOriginalKey } from "../archive/archive-key.ts";
import { ArchiveConflictError } from "../archive/errors.ts";
import { type Evidence, SIDECAR_SCHEMA, type Sidecar, type StoredAudio, type VendorRecord } from "../archive/schema.ts";
import type { LocatedSidecar } from "../archive/sidecar.ts";
import { toStoredAudio } from "../archive/stored-audio.ts";
import { Identifier, type Identity, identify } from "../audio/identify.ts";
import { type Clock, toIsoInstant } from "../core/clock.ts";
import type { Sha256Hex } from "../core/digest.ts";
import { DigestMismatchError, SizeMismatchError } from "../core/errors.ts";
import type { StorageKey } from "../core/storage-key.ts";
import { toSafeName } from "../io/safe-name.ts";
import type { RemoteRecording } from "../vendor/recording-source.ts";
import type { FetchItem, FetchPorts } from "./fetch-plan.ts";

/** What fetching one recording needs beside the ports. */
export interface FetchOneOptions {
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Downloads one recording and stores it: hash and structure are read as the bytes come, and nothing gets its
 * final name before digest and size are what the vendor promised.
 *
 * With `restored`, the sidecar of an original that is gone, only the bytes with its digest are stored.
 *
 * @throws {DigestMismatchError} the bytes are not those of the webhook's checksum, or not those of `restored`.
 * @throws {SizeMismatchError} no digest is known and the size is not the promised one.
 * @throws {NotAudioError} the bytes are no recording.
 * @throws {VendorError} the download failed.
 */
export async function downloadRecording(
  { archive, source }: FetchPorts,
  { remote, evidence, restored }: FetchItem & { readonly restored: LocatedSidecar | undefined },
  { clock, signal }: FetchOneOptions,
): Promise<LocatedSidecar> {
  const staged = archive.stage(toSafeName(remote.recordingId));
  try {
    const download = await source.download(remote.recordingId, { signal });
    const identifier = new Identifier();
    await staged.write(withinLimit(download.chunks, remote), (chunk) => identifier.push(chunk));
    const identity = identifier.end();
    if (restored !== undefined) {
      assertDigest(remote, restored.sidecar.original.sha256, identity);
      return await archive.storeOriginal(staged, restored.sidecar);
    }
    const checked = await checkBytes(archive, { remote, evidence }, identity);
    return await archive.storeOriginal(staged, toSidecar({ remote, clock, source: source.traits.name, ...checked }));
  } finally {
    await staged.discard();
  }
}

/**
 * Makes the sidecar for an original that a killed run left under its final name, after reading all of it. It must have
 * the digest that the run noted, or that the vendor names: a file of the right size proves nothing.
 *
 * @throws {ArchiveConflictError} it is not what was being stored; it is left as it is for a person to look at.
 */
export async function adoptRecording(
  { archive, source }: FetchPorts,
  { remote, evidence, orphan }: FetchItem & { readonly orphan: { readonly key: StorageKey } },
  { clock, signal }: FetchOneOptions,
): Promise<LocatedSidecar> {
  const isProvable = evidence?.sha256 !== undefined || (await archive.recordedDigest(remote.recordingId)) !== undefined;
  if (!isProvable) throw toConflict(remote, orphan);
  const identity = await identify(archive.read(orphan.key, signal));
  try {
    const checked = await checkBytes(archive, { remote, evidence }, identity);
    return await archive.storeOriginal(undefined, toSidecar({ remote, clock, source: source.traits.name, ...checked }));
  } catch (error) {
    if (!(error instanceof DigestMismatchError || error instanceof SizeMismatchError)) throw error;
    throw toConflict(remote, orphan, error);
  }
}

/** More than twice what was stated, or this much, is no recording that was stated wrongly but a server gone wild. */
const SURPLUS_BYTES = 16 << 20;
const MAX_UNSTATED_BYTES = 4 * 2 ** 30;

/** Stops an endless body before it has filled the disk. */
async function* withinLimit(
  chunks: AsyncIterable<Uint8Array>,
  { recordingId, sizeBytes }: RemoteRecording,
): AsyncGenerator<Uint8Array> {
  const limitBytes = sizeBytes === undefined ? MAX_UNSTATED_BYTES : Math.max(2 * sizeBytes, sizeBytes + SURPLUS_BYTES);
  let received = 0;
  for await (const chunk of chunks) {
    received += chunk.length;
    if (received > limitBytes) throw new SizeMismatchError(recordingId, sizeBytes ?? limitBytes, received);
    yield chunk;
  }
}

interface CheckedBytes {
  readonly original: StoredAudio;
  readonly evidence: Evidence;
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

/**
 * Holds the bytes against the digest that the archive itself has of them, if their sidecar alone is gone, and against
 * all that the vendor promised, and grades what that proves.
 */
async function checkBytes(
  archive: Archive,
  { remote, evidence: event }: Pick<FetchItem, "remote" | "evidence">,
  identity: Identity,
): Promise<CheckedBytes> {
  const recorded = await archive.recordedDigest(remote.recordingId);
  if (recorded !== undefined) assertDigest(remote, recorded, identity);
  const original = toStoredAudio(remote.recordingId, identity, (format) => toOriginalName(remote, format));
  const size = remote.sizeBytes === undefined ? {} : { vendorSizeBytes: remote.sizeBytes };
  if (event?.sha256 !== undefined) {
    assertDigest(remote, event.sha256, identity);
    const { sha256, signature } = event;
    return {
      original,
      evidence: { grade: "vendor-digest", vendorSha256: sha256, webhookSignature: signature, ...size },
    };
  }
  if (remote.sizeBytes === undefined) return { original, evidence: { grade: "none" } };
  if (remote.sizeBytes !== identity.sizeBytes) {
    throw new SizeMismatchError(remote.recordingId, remote.sizeBytes, identity.sizeBytes);
  }
  return { original, evidence: { grade: "size-only", ...size } };
}

function assertDigest({ recordingId }: RemoteRecording, expected: Sha256Hex, { sha256 }: Identity): void {
  if (sha256 !== expected) throw new DigestMismatchError({ subject: recordingId, expected, found: sha256 });
}

function toOriginalName(place: ArchivePlace, format: StoredAudio["format"]): string {
  return posix.basename(toOriginalKey(place, format));
}

interface SidecarParts extends CheckedBytes {
  readonly remote: RemoteRecording;
  readonly clock: Clock;
  readonly source: string;
}

function toSidecar({ remote, clock, source, original, evidence }: SidecarParts): Sidecar {
  return {
    schema: SIDECAR_SCHEMA,
    recordingId: remote.recordingId,
    callId: remote.callId,
    vendor: toVendorRecord(remote, source),
    fetchedAt: toIsoInstant(clock.now()),
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
  };
}
