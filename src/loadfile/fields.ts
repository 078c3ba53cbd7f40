import { posix } from "node:path";
import type { PackagedRecording } from "../core/packaged-recording.ts";

/** The columns of a load file, in their order. */
export const LOAD_FILE_FIELDS = [
  "BEGBATES",
  "ENDBATES",
  "BEGATTACH",
  "ENDATTACH",
  "CUSTODIAN",
  "FILENAME",
  "FILEEXT",
  "FILESIZE",
  "SHA256",
  "MD5HASH",
  "NATIVEPATH",
  "DURATION",
  "CALLER",
  "CALLEE",
  "DIRECTION",
  "STARTUTC",
  "ENDUTC",
  "EVIDENCE",
  "RECORDINGID",
  "CALLID",
  "LISTENINGPATH",
] as const;
export type LoadFileField = (typeof LOAD_FILE_FIELDS)[number];

/** What a load file tells of one recording; empty where nothing is known. */
export type LoadFileRow = Readonly<Record<LoadFileField, string>>;

/** What rows hold beside what is known of each recording. */
export interface RowOptions {
  /** Of whom the recordings were obtained. */
  readonly custodian: string | undefined;
  readonly pathSeparator: "/" | "\\";
}

/** Gives the row of a recording. Paths begin at the package's folder. */
export function toRow(recording: PackagedRecording, { custodian, pathSeparator }: RowOptions): LoadFileRow {
  const { controlNumber, family, original, audio, call, listeningCopy } = recording;
  const toPath = (path: string) => path.replaceAll("/", pathSeparator);
  return {
    BEGBATES: controlNumber,
    ENDBATES: controlNumber,
    BEGATTACH: family.first,
    ENDATTACH: family.last,
    CUSTODIAN: custodian ?? "",
    FILENAME: posix.basename(recording.sourceName),
    FILEEXT: posix.extname(original.path).slice(1).toLowerCase(),
    FILESIZE: String(original.sizeBytes),
    SHA256: original.sha256,
    MD5HASH: original.md5 ?? "",
    NATIVEPATH: toPath(original.path),
    DURATION: audio?.durationSeconds.toFixed(3) ?? "",
    CALLER: call?.from ?? "",
    CALLEE: call?.to ?? "",
    DIRECTION: call?.direction ?? "",
    STARTUTC: recording.startedAt ?? "",
    ENDUTC: recording.endedAt ?? "",
    EVIDENCE: recording.evidence?.grade ?? "",
    RECORDINGID: recording.recordingId ?? "",
    CALLID: recording.callId ?? "",
    LISTENINGPATH: toPath(listeningCopy?.path ?? ""),
  };
}
