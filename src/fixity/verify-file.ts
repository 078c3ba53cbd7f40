import type { Archive } from "../archive/archive.ts";
import { toDefectFindings } from "../archive/defect-findings.ts";
import type { StoredAudio } from "../archive/schema.ts";
import { type Identity, identify } from "../audio/identify.ts";
import type { ArchivedFile } from "../core/archived-file.ts";
import type { Finding } from "../core/finding.ts";
import { StorageUnavailableError } from "../io/errors.ts";
import { hashChunks } from "../io/hash-chunks.ts";
import { toIdentityChange, toSizeWords } from "./identity-change.ts";
import type { VerifyLevel } from "../core/verification.ts";

/** A file that is to be verified, with what is recorded of it. */
export interface FileToVerify {
  readonly file: ArchivedFile;
  /** Its audio record, when the sidecar could be read and this is not the sidecar itself. */
  readonly audio: StoredAudio | undefined;
}

/** What was seen of one file. */
export interface FileVerdict {
  readonly status: "ok" | "damaged" | "missing" | "unreachable";
  /** The digest of what is there now; undefined when it was not read to its end. */
  readonly sha256: string | undefined;
  readonly findings: readonly Finding[];
  /** Bytes that were read for it. */
  readonly bytesRead: number;
}

/**
 * Looks at one file of the archive. What is wrong with it is in the verdict; nothing is changed.
 *
 * @throws the reason of `signal` when it aborts.
 */
export async function verifyFile(
  archive: Archive,
  { file, audio }: FileToVerify,
  { level, signal }: { level: VerifyLevel; signal: AbortSignal | undefined },
): Promise<FileVerdict> {
  const subject = archive.toPath(file.key);
  try {
    const stat = await archive.stat(file.key);
    if (stat === undefined) return toMissing(subject);
    if (!stat.isRegular) return toReplaced(subject);
    const hasSize = stat.sizeBytes === file.sizeBytes;
    if (level === "presence") return hasSize ? toOk(undefined, 0) : toWrongSize(subject, file, stat.sizeBytes);
    if (hasSize && (level === "digest" || audio === undefined)) {
      const { sha256, sizeBytes } = await hashChunks(archive.read(file.key, signal));
      if (sha256 === file.sha256) return toOk(sha256, sizeBytes);
    }
    const identity = await identify(archive.read(file.key, signal));
    if (identity.sha256 === file.sha256) return toSound(subject, identity);
    return toDamaged(identity, toChange(subject, { file, audio }, identity));
  } catch (error) {
    if (!(error instanceof StorageUnavailableError)) throw error;
    return { status: "unreachable", sha256: undefined, bytesRead: 0, findings: [toUnreadable(subject, error)] };
  }
}

function toOk(sha256: string | undefined, bytesRead: number): FileVerdict {
  return { status: "ok", sha256, bytesRead, findings: [] };
}

/** The bytes are those that were stored; defects that they had then are told of again. */
function toSound(subject: string, identity: Identity): FileVerdict {
  const findings = toDefectFindings(subject, identity.structure?.defects ?? []);
  return { status: "ok", sha256: identity.sha256, bytesRead: identity.sizeBytes, findings };
}

function toMissing(subject: string): FileVerdict {
  const finding: Finding = { kind: "missing", subject, message: "the file is not there", detail: {} };
  return { status: "missing", sha256: undefined, bytesRead: 0, findings: [finding] };
}

function toReplaced(subject: string): FileVerdict {
  const message = "something that is not a file stands in its place, such as a symbolic link";
  const findings: Finding[] = [{ kind: "missing", subject, message, detail: {} }];
  return { status: "missing", sha256: undefined, bytesRead: 0, findings };
}

function toWrongSize(subject: string, { sizeBytes }: ArchivedFile, found: number): FileVerdict {
  const message = `the file has ${found} bytes instead of ${sizeBytes}`;
  const findings: Finding[] = [{ kind: "size-mismatch", subject, message, detail: { expected: sizeBytes, found } }];
  return { status: "damaged", sha256: undefined, bytesRead: 0, findings };
}

function toUnreadable(subject: string, error: Error): Finding {
  return { kind: "unreadable", subject, message: `the file cannot be read: ${error.message}`, detail: {} };
}

function toDamaged(identity: Identity, finding: Finding): FileVerdict {
  return { status: "damaged", sha256: identity.sha256, bytesRead: identity.sizeBytes, findings: [finding] };
}

/** Names the change; of a sidecar nothing is known but its digest. */
function toChange(subject: string, { file, audio }: FileToVerify, identity: Identity): Finding {
  const change = audio === undefined ? undefined : toIdentityChange(audio, identity);
  if (change !== undefined) return { subject, ...change };
  const detail = { algorithm: "sha256", expected: file.sha256, found: identity.sha256 } as const;
  const message = toSizeWords(file.sizeBytes, identity.sizeBytes);
  return { kind: "digest-mismatch", subject, message, detail };
}
