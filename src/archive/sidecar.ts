import { createHash } from "node:crypto";
import { posix } from "node:path";
import { prettifyError } from "zod";
import type { ArchivedFile, ArchivedRecording, ByteIdentity } from "../core/archived-file.ts";
import { toCallDetails } from "../core/call-details.ts";
import { parseSha256, type Sha256Hex } from "../core/digest.ts";
import { type StorageKey, toStorageKey } from "../core/storage-key.ts";
import { tryParseJson } from "../core/try-parse-json.ts";
import type { ArchivePlace } from "./archive-key.ts";
import { SidecarInvalidError } from "./errors.ts";
import { Sidecar, type StoredAudio } from "./schema.ts";

/** A sidecar with the place it lies at. */
export interface LocatedSidecar {
  readonly key: StorageKey;
  readonly sidecar: Sidecar;
}

/**
 * Reads a sidecar's text.
 *
 * @throws {SidecarInvalidError} it is not JSON or not a sidecar of this version; the message says where.
 */
export function parseSidecar(key: StorageKey, text: string): Sidecar {
  const parsed = Sidecar.safeParse(tryParseJson(text));
  if (parsed.success) return parsed.data;
  throw new SidecarInvalidError(`not a sidecar: ${key}: ${prettifyError(parsed.error).replaceAll("\n", " ")}`);
}

/** Writes a sidecar the way it lies on disk: indented, so that a person can read it. */
export function toSidecarText(sidecar: Sidecar): string {
  return `${JSON.stringify(sidecar, null, 2)}\n`;
}

/** Gives the digest of a sidecar's text. */
export function toTextDigest(text: string): Sha256Hex {
  return parseSha256(createHash("sha256").update(text).digest("hex"));
}

/** Gives what decides where the recording of a sidecar lies. */
export function toPlace(sidecar: Sidecar): ArchivePlace {
  return { recordingId: sidecar.recordingId, createdAtMs: Date.parse(sidecar.vendor.createdAt) };
}

/** Gives the key of a file that a sidecar names. */
export function toSiblingKey(sidecarKey: StorageKey, file: string): StorageKey {
  return toStorageKey(posix.dirname(sidecarKey), file);
}

/** A file that a sidecar speaks of, with what it promises. */
export type PromisedFile = Omit<ArchivedFile, "recordingId">;

/** Gives what of an audio file lies on disk, encrypted or not. */
export function toBytesOnDisk({ sizeBytes, sha256, stored }: StoredAudio): ByteIdentity {
  return stored ?? { sizeBytes, sha256 };
}

/** Lists the original and the derivatives of a sidecar. */
export function toPromisedFiles({ key, sidecar }: LocatedSidecar): readonly PromisedFile[] {
  const { original, derivatives } = sidecar;
  return [original, ...derivatives].map((audio, index) => ({
    key: toSiblingKey(key, audio.file),
    role: index === 0 ? "original" : "derivative",
    ...toBytesOnDisk(audio),
    plain: audio.stored && { sizeBytes: audio.sizeBytes, sha256: audio.sha256 },
  }));
}

/** Derives the catalogue's rows from a sidecar and its text. */
export function toCatalogueRecording(located: LocatedSidecar, text: string): ArchivedRecording {
  const { recordingId, createdAtMs } = toPlace(located.sidecar);
  const own: ArchivedFile = {
    key: located.key,
    recordingId,
    role: "sidecar",
    sizeBytes: Buffer.byteLength(text),
    sha256: toTextDigest(text),
  };
  const promised = toPromisedFiles(located).map((file) => ({ ...file, recordingId }));
  const { callId, vendor } = located.sidecar;
  const about = { recordingId, callId, createdAtMs, call: toCallDetails(vendor) };
  return { ...about, storedAtMs: toStoredAtMs(located.sidecar), files: [own, ...promised] };
}

/** A derivative is made from an original that was read through just before, so that its instant stands for both. */
function toStoredAtMs({ fetchedAt, derivatives }: Sidecar): number {
  return Math.max(...[fetchedAt, ...derivatives.map(({ madeAt }) => madeAt)].map((instant) => Date.parse(instant)));
}
