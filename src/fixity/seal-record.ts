import { StoredAudio } from "../archive/schema.ts";
import { type Sha256Hex, tryParseSha256 } from "../core/digest.ts";
import { TOOL_VERSION } from "../core/tool-version.ts";
import { tryParseJson } from "../core/try-parse-json.ts";
import type { FileTrace } from "../core/verification.ts";
import { MANIFEST_FILE } from "./holdings/record-names.ts";

/** The name and version of the seal's form. */
export const SEAL_SCHEMA = "holdfast.seal/1";

/** What is written of a recording's audio, beside what is written of every file. */
export type SealedAudio = Pick<StoredAudio, "packetSha256" | "format" | "structure">;

/** One sealed file; its size, inode and time of change are as they were when its bytes were read. */
export interface SealedFile extends FileTrace {
  /** From the folder on, with forward slashes. */
  readonly path: string;
  readonly sha256: Sha256Hex;
  /** There for wav, mp3 and opus recordings, whatever their names. */
  readonly audio?: SealedAudio;
}

/** What `holdfast-seal.json` holds. */
export interface Seal {
  readonly sealedAt: string;
  /** SHA-256 of `SHA256SUMS`. */
  readonly manifestSha256: Sha256Hex;
  readonly files: readonly SealedFile[];
}

/** Writes a seal, piece by piece: each file on a line of its own. */
export function* toSealText({ sealedAt, manifestSha256, files }: Seal): Generator<string> {
  const tool = { name: "holdfast", version: TOOL_VERSION };
  const head = { schema: SEAL_SCHEMA, sealedAt, tool, manifest: { file: MANIFEST_FILE, sha256: manifestSha256 } };
  yield `{\n${Object.entries(head)
    .map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`)
    .join("")}  "files": [`;
  for (const [index, file] of files.entries())
    yield `${index === 0 ? "" : ","}\n    ${JSON.stringify(toWritten(file))}`;
  yield "\n  ]\n}\n";
}

function toWritten({ path, sizeBytes, sha256, inode, modifiedNs, audio }: SealedFile): SealedFile {
  return { path, sizeBytes, sha256, inode, modifiedNs, ...(audio === undefined ? {} : { audio }) };
}

/**
 * Reads a seal. The audio of its files is not looked at: see {@link tryToStoredAudio}.
 *
 * @returns a text that tells why not, half a sentence.
 */
export function parseSeal(bytes: Uint8Array): Seal | string {
  const document = tryParseJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
  if (!isObject(document)) return "is no JSON document";
  const { schema, sealedAt, manifest, files } = document;
  if (schema !== SEAL_SCHEMA) return `is not of the form ${SEAL_SCHEMA}`;
  const manifestSha256 =
    isObject(manifest) && manifest["file"] === MANIFEST_FILE ? toSha256(manifest["sha256"]) : undefined;
  if (typeof sealedAt !== "string" || manifestSha256 === undefined) return "does not say what was sealed when";
  if (!Array.isArray(files)) return "names no files";
  const odd = files.findIndex((file) => !isSealedFile(file));
  return odd === -1 ? { sealedAt, manifestSha256, files } : `says of file ${odd + 1} what it cannot say`;
}

/** A schema would take longer for a hundred thousand files than reading them. */
function isSealedFile(file: unknown): file is SealedFile {
  return (
    isObject(file) &&
    typeof file["path"] === "string" &&
    !file["path"].includes("\0") &&
    Number.isSafeInteger(file["sizeBytes"]) &&
    typeof file["sha256"] === "string" &&
    LOWER_SHA256.test(file["sha256"]) &&
    isDigits(file["inode"]) &&
    isDigits(file["modifiedNs"])
  );
}

const LOWER_SHA256 = /^[0-9a-f]{64}$/;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** Before 1970 the nanoseconds are negative. */
function isDigits(value: unknown): boolean {
  return typeof value === "string" && /^-?\d+$/.test(value);
}

function toSha256(value: unknown): Sha256Hex | undefined {
  return typeof value === "string" ? tryParseSha256(value) : undefined;
}

/** Gives the recorded identity of a sealed recording; undefined for other files, and where the record of it cannot be read. */
export function tryToStoredAudio({ sizeBytes, sha256, audio }: SealedFile): StoredAudio | undefined {
  return audio === undefined ? undefined : StoredAudio.safeParse({ file: "sealed", sizeBytes, sha256, ...audio }).data;
}
