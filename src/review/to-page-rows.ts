import type { LedgerEntry } from "../core/ledger-event.ts";
import type { PackagedFile, PackagedRecording } from "../core/packaged-recording.ts";
import type { Columns, CustodyEvent, LinkedFile, ListedRecording, RecordingDetail } from "./page-data.ts";
import { toEventNote } from "./to-event-note.ts";

/** Takes what the list shows out of a recording. */
export function toListed(recording: PackagedRecording): ListedRecording {
  const { controlNumber, family, recordingId, callId, sourceName, original, audio, call } = recording;
  return {
    controlNumber,
    familyFirst: family.first,
    familyLast: family.last,
    recordingId: recordingId ?? null,
    callId: callId ?? null,
    sourceName,
    startedAt: recording.startedAt ?? null,
    direction: call?.direction ?? null,
    from: call?.from ?? null,
    to: call?.to ?? null,
    durationSeconds: audio?.durationSeconds ?? null,
    format: audio?.format ?? null,
    grade: recording.evidence?.grade ?? null,
    isMessageUnchecked: recording.evidence?.detail["webhookSignature"] === "not-checked",
    isDamaged: audio !== undefined && (audio.defects.length > 0 || audio.complete === false),
    sha256: original.sha256,
  };
}

/** Takes what the page tells of a recording beside {@link toListed}. */
export function toDetail(recording: PackagedRecording): RecordingDetail {
  const { original, audio, listeningCopy, record, custody } = recording;
  return {
    endedAt: recording.endedAt ?? null,
    fetchedAt: recording.fetchedAt ?? null,
    originalPath: original.path,
    originalSizeBytes: original.sizeBytes,
    originalSha512: original.sha512,
    codec: audio?.codec ?? null,
    sampleRateHz: audio?.sampleRateHz ?? null,
    channels: audio?.channels ?? null,
    complete: audio?.complete ?? null,
    packetSha256: audio?.packetSha256 ?? null,
    defects: audio?.defects ?? null,
    evidence: recording.evidence?.detail ?? null,
    notice: recording.notice ?? null,
    listeningCopy: listeningCopy === undefined ? null : toCopy(listeningCopy),
    record: record === undefined ? null : toLinked(record),
    custody: custody.map((entry) => toCustodyEvent(entry, recording)),
    waveform: recording.waveform ?? null,
  };
}

/** Turns rows into columns. */
export function toColumns<T extends object>(rows: readonly T[]): Columns<T> {
  const fields = Object.keys(rows[0] ?? {}) as (keyof T)[];
  const columns: Partial<{ [Field in keyof T]: readonly T[Field][] }> = {};
  for (const field of fields) columns[field] = rows.map((row) => row[field]);
  return columns as Columns<T>;
}

function toCopy(copy: NonNullable<PackagedRecording["listeningCopy"]>): RecordingDetail["listeningCopy"] {
  const { profile, madeBy } = copy;
  return { ...toLinked(copy), profile, madeBy };
}

function toLinked({ path, sizeBytes }: PackagedFile): LinkedFile {
  return { path, sizeBytes };
}

function toCustodyEvent(entry: LedgerEntry, { recordingId }: PackagedRecording): CustodyEvent {
  return [entry.seq, entry.at, entry.actor, entry.type, toEventNote(entry, recordingId) ?? null];
}
