import { prettifyError } from "zod";
import type { ArchivedRecording } from "../core/archived-file.ts";
import type { StorageKey } from "../core/storage-key.ts";
import { tryParseJson } from "../core/try-parse-json.ts";
import { SidecarInvalidError } from "./errors.ts";
import { TOMBSTONE_SCHEMA, Tombstone } from "./schema.ts";
import { type LocatedSidecar, toTextDigest } from "./sidecar.ts";

/** A tombstone with the place it lies at: that of the sidecar that it took the place of. */
export interface LocatedTombstone {
  readonly key: StorageKey;
  readonly tombstone: Tombstone;
}

/** Who removes a recording, when and why. */
export interface Removal {
  readonly removedAt: string;
  readonly removedBy: string;
  readonly reason: string;
}

/** Makes what will be left of a recording. */
export function toTombstone({ sidecar }: Pick<LocatedSidecar, "sidecar">, removal: Removal): Tombstone {
  const { recordingId, callId, vendor, fetchedAt, evidence, original } = sidecar;
  const { format, sizeBytes, structure, sha256, packetSha256 } = original;
  return {
    schema: TOMBSTONE_SCHEMA,
    recordingId,
    callId,
    createdAt: vendor.createdAt,
    fetchedAt,
    original: { format, sizeBytes, durationSeconds: structure.durationSeconds, sha256, packetSha256 },
    evidence: evidence.grade,
    ...removal,
  };
}

/** Writes a tombstone the way it lies on disk: indented, so that a person can read it. */
export function toTombstoneText(tombstone: Tombstone): string {
  return `${JSON.stringify(tombstone, null, 2)}\n`;
}

/** Tells whether a text that stands where a sidecar belongs is meant to be a tombstone. */
export function isTombstoneText(text: string): boolean {
  const value = tryParseJson(text);
  return typeof value === "object" && value !== null && "schema" in value && value.schema === TOMBSTONE_SCHEMA;
}

/**
 * Reads a tombstone's text.
 *
 * @throws {SidecarInvalidError} it is none of this version; the message says where.
 */
export function parseTombstone(key: StorageKey, text: string): Tombstone {
  const parsed = Tombstone.safeParse(tryParseJson(text));
  if (parsed.success) return parsed.data;
  throw new SidecarInvalidError(`not a tombstone: ${key}: ${prettifyError(parsed.error).replaceAll("\n", " ")}`);
}

/** Derives the catalogue's rows from a tombstone and its text. */
export function toRemovedRecording({ key, tombstone }: LocatedTombstone, text: string): ArchivedRecording {
  const { recordingId, callId, createdAt, removedAt } = tombstone;
  return {
    recordingId,
    callId,
    // A tombstone keeps no numbers.
    call: undefined,
    createdAtMs: Date.parse(createdAt),
    storedAtMs: Date.parse(removedAt),
    files: [{ key, recordingId, role: "tombstone", sizeBytes: Buffer.byteLength(text), sha256: toTextDigest(text) }],
  };
}
