import type { Archive } from "../archive/archive.ts";
import type { StoredAudio } from "../archive/schema.ts";
import { type LocatedSidecar, toSiblingKey } from "../archive/sidecar.ts";
import { type Identity, identify } from "../audio/identify.ts";
import { DigestMismatchError, type ErrorCode, type HoldfastError, isHoldfastError } from "../core/errors.ts";
import type { Finding } from "../core/finding.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { StorageKey } from "../core/storage-key.ts";
import type { Decode, DecodeVerdict } from "./deep/decoding.ts";
import type { Looker } from "./look/look.ts";

/** What was seen of what an encrypted file holds. Never thrown: what cannot be opened is told as such. */
export type InsideLook =
  | { readonly kind: "opened"; readonly identity: Identity; readonly decoded: DecodeVerdict | undefined }
  /** Nobody here can open it, which says nothing against it; the reason is a sentence. */
  | { readonly kind: "closed"; readonly reason: string }
  /** The operator's key did not open it. */
  | { readonly kind: "failed"; readonly error: HoldfastError }
  /** It does not hold what was recorded. */
  | { readonly kind: "damaged"; readonly finding: Finding };

/** How closely an encrypted file is looked at. */
export interface LookInsideOptions {
  readonly looker: Pick<Looker, "look">;
  /** Decodes it whole; undefined for a look at its structure alone. */
  readonly decode: Decode | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Without the key of the archive or of the recording, its digest on disk is all that can be verified. */
const CLOSED: readonly ErrorCode[] = [
  "ENCRYPTION_KEY_DESTROYED",
  "ENCRYPTION_KEY_MISSING",
  // What is wrong with the sidecar, which has the key, is told of for itself.
  "SIDECAR_INVALID",
  "STORAGE_NOT_FOUND",
];

/** What speaks against the bytes or their record, and not against the key. */
const DAMAGED: readonly ErrorCode[] = ["DIGEST_MISMATCH", "ENCRYPTION_TAMPERED"];

/**
 * Decrypts a file whose bytes on disk are as recorded, and looks at what it holds: in memory, or, where it is decoded, as a
 * copy on disk that is removed again.
 *
 * @throws the reason of the signal when it aborts.
 * @throws {StorageUnavailableError} it cannot be read any more.
 */
export async function lookInside(
  archive: Archive,
  { recordingId, key }: { readonly recordingId: RecordingId; readonly key: StorageKey | undefined },
  options: LookInsideOptions,
): Promise<InsideLook> {
  try {
    const located = await archive.findCatalogued(recordingId);
    const { original, derivatives } = located.sidecar;
    const audio = [original, ...derivatives].find(({ file }) => toSiblingKey(located.key, file) === key);
    // The catalogue and the sidecar name different files, which is told of as that.
    if (audio === undefined) return { kind: "closed", reason: "its sidecar does not speak of it" };
    return await open(archive, { located, audio }, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!isHoldfastError(error)) throw error;
    return toInsideLook(`${archive.traits.location}/${key}`, error);
  }
}

interface Encrypted {
  readonly located: LocatedSidecar;
  readonly audio: StoredAudio;
}

async function open(
  archive: Archive,
  { located, audio }: Encrypted,
  { looker, decode, signal }: LookInsideOptions,
): Promise<InsideLook> {
  const subject = archive.toPath(toSiblingKey(located.key, audio.file));
  if (decode === undefined) {
    const identity = await identify(archive.readAudio(located, audio, signal));
    const [expected, found] = [audio.sha256, identity.sha256];
    if (found !== expected) throw new DigestMismatchError({ subject, expected, found });
    return { kind: "opened", identity, decoded: undefined };
  }
  const use = async (path: string): Promise<InsideLook> => {
    const [look] = await looker.look([{ path, algorithms: ["sha256"], identity: true }], signal);
    if (look?.kind !== "regular" || look.identity === undefined) {
      throw new Error(`internal error: the decrypted copy of ${subject} cannot be looked at`);
    }
    const [decoded] = await decode([{ path, identity: look.identity, trace: look.trace }], signal);
    return { kind: "opened", identity: look.identity, decoded: decoded && toNamed(decoded, subject) };
  };
  return archive.withPlainFile(located, audio, { use, signal });
}

/** What was found of the copy is said of the file. */
function toNamed(decoded: DecodeVerdict, subject: string): DecodeVerdict {
  if (decoded.kind === "decoded") {
    return { kind: "decoded", findings: decoded.findings.map((finding) => ({ ...finding, subject })) };
  }
  return decoded.kind === "unreadable" ? { kind: "unreadable", finding: { ...decoded.finding, subject } } : decoded;
}

function toInsideLook(subject: string, error: HoldfastError): InsideLook {
  if (CLOSED.includes(error.code)) return { kind: "closed", reason: error.message };
  if (!DAMAGED.includes(error.code)) return { kind: "failed", error };
  const message = `the bytes on disk are as recorded, and what they hold is not: ${error.message}`;
  return { kind: "damaged", finding: { kind: "digest-mismatch", subject, message, detail: {} } };
}
