import type { Evidence, StoredAudio } from "../archive/schema.ts";
import type { LocatedSidecar } from "../archive/sidecar.ts";
import { toSiblingKey } from "../archive/sidecar.ts";
import { toStoredAudio } from "../archive/stored-audio.ts";
import type { Identity } from "../audio/identify.ts";
import { toCallDetails } from "../core/call-details.ts";
import { toIsoInstant } from "../core/clock.ts";
import type { LedgerEntry } from "../core/ledger-event.ts";
import type {
  PackagedAudio,
  PackagedEvidence,
  PackagedFile,
  PackagedRecording,
  Waveform,
} from "../core/packaged-recording.ts";
import type { ExportItem } from "./export-plan.ts";

/** What is known of a recording when it was copied. */
export interface CopiedRecording {
  readonly located: LocatedSidecar;
  readonly original: PackagedFile;
  readonly record: PackagedFile;
  readonly waveform: Waveform | undefined;
  readonly custody: readonly LedgerEntry[];
}

/** Tells of a recording of the archive what its sidecar and the ledger say. */
export function toRecordingRow(
  { controlNumber, family }: ExportItem,
  { located, original, record, waveform, custody }: CopiedRecording,
): PackagedRecording {
  const { key, sidecar } = located;
  const { recordingId, callId, vendor, fetchedAt, evidence, notice } = sidecar;
  return {
    ...{ controlNumber, family, recordingId, callId, original, record, waveform, custody, notice },
    sourceName: toSiblingKey(key, sidecar.original.file),
    audio: toAudio(sidecar.original),
    call: toCallDetails(vendor),
    startedAt: toUtc(vendor.createdAt),
    endedAt: vendor.completedAt === undefined ? undefined : toUtc(vendor.completedAt),
    fetchedAt: toUtc(fetchedAt),
    evidence: toEvidence(evidence),
    listeningCopy: undefined,
  };
}

/** What is known of a plain file when it was copied. */
export interface CopiedFile {
  readonly original: PackagedFile;
  readonly identity?: Identity | undefined;
  readonly waveform?: Waveform | undefined;
}

/** Tells of a plain file what its own bytes say. */
export function toFileRow(
  item: Extract<ExportItem, { kind: "file" }>,
  { original, identity, waveform }: CopiedFile,
): PackagedRecording {
  const { controlNumber, family, file } = item;
  const isRecording = identity?.content.format !== undefined && identity.structure !== undefined;
  return {
    ...{ controlNumber, family, original, waveform },
    recordingId: undefined,
    callId: undefined,
    // Where it lay on the machine that exports is nobody's business.
    sourceName: file.relativePath,
    audio: isRecording ? toAudio(toStoredAudio(file.path, identity, () => file.path)) : undefined,
    call: undefined,
    startedAt: undefined,
    endedAt: undefined,
    fetchedAt: undefined,
    evidence: undefined,
    notice: undefined,
    listeningCopy: undefined,
    record: undefined,
    custody: [],
  };
}

function toAudio({ format, packetSha256, structure }: StoredAudio): PackagedAudio {
  const { codec, sampleRateHz, channels, durationSeconds, complete, defects } = structure;
  return {
    ...{ format, codec, sampleRateHz, channels, durationSeconds, complete, packetSha256 },
    defects: defects.map(({ message }) => message),
  };
}

function toEvidence({ grade, ...detail }: Evidence): PackagedEvidence {
  const told: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(detail)) if (value !== undefined) told[name] = value;
  return { grade, detail: told };
}

function toUtc(instant: string): string {
  return toIsoInstant(Date.parse(instant));
}
