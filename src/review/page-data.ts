import type { Direction } from "../core/call-details.ts";
import type { EventType } from "../core/ledger-event.ts";
import type { Notice } from "../core/notice.ts";
import type { PackagedEvidence, Waveform } from "../core/packaged-recording.ts";

/*
 * What the page carries as JSON, and its scripts read. Null stands where nothing is known: JSON has no undefined.
 */

/** What the list shows of a recording, and all that a search looks through. */
export interface ListedRecording {
  readonly controlNumber: string;
  /** The control number of the first recording of the same call; its own when it is alone. */
  readonly familyFirst: string;
  readonly familyLast: string;
  readonly recordingId: string | null;
  readonly callId: string | null;
  readonly sourceName: string;
  readonly startedAt: string | null;
  readonly direction: Direction | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly durationSeconds: number | null;
  /** Null of a file that is no recording. */
  readonly format: string | null;
  /** Null of a file that no archive knows. */
  readonly grade: string | null;
  /** Whether the grade rests on a message of which nobody checked that it was the vendor's. */
  readonly isMessageUnchecked: boolean;
  /** Whether something is wrong with the structure of its audio, or part of it is not there. */
  readonly isDamaged: boolean;
  readonly sha256: string;
}

/** A file of the package that the page links to. */
export interface LinkedFile {
  /** From the package's own folder on. */
  readonly path: string;
  readonly sizeBytes: number;
}

/** An event of the ledger: its place, its instant, who did it, what, and what else a reader should know. */
export type CustodyEvent = readonly [seq: number, at: string, actor: string, type: EventType, note: string | null];

/** What is told of a recording beside its line in the list; read when somebody asks for it. */
export interface RecordingDetail {
  readonly endedAt: string | null;
  readonly fetchedAt: string | null;
  readonly originalPath: string;
  readonly originalSizeBytes: number;
  readonly originalSha512: string;
  readonly codec: string | null;
  readonly sampleRateHz: number | null;
  readonly channels: number | null;
  readonly complete: boolean | null;
  readonly packetSha256: string | null;
  readonly defects: readonly string[] | null;
  readonly evidence: PackagedEvidence["detail"] | null;
  readonly notice: Notice | null;
  readonly listeningCopy: (LinkedFile & { readonly profile: string; readonly madeBy: string }) | null;
  readonly record: LinkedFile | null;
  readonly custody: readonly CustodyEvent[];
  readonly waveform: Waveform | null;
}

/** Rows with their fields side by side, so that no name is written more than once. */
export type Columns<T> = { readonly [Field in keyof T]: readonly T[Field][] };

/** A recording that the archive had, and that retention has removed: its record is in the package, its audio is not. */
export interface RemovedRecording {
  readonly recordingId: string;
  readonly removedAt: string;
  readonly reason: string;
}

/** What the package says of itself, as its descriptor does. */
export interface PackageFacts {
  readonly tool: { readonly name: string; readonly version: string };
  readonly case: string;
  readonly organisation: string | null;
  /** A day in UTC. */
  readonly madeOn: string;
  readonly madeBy: string;
  readonly counts: {
    readonly recordings: number;
    readonly originals: number;
    readonly originalBytes: number;
    readonly durationSeconds: number;
  };
  readonly signature: { readonly file: string; readonly identity: string; readonly fingerprint: string } | null;
  readonly timeStamp: { readonly file: string; readonly authority: string } | null;
  /** Null where nothing of it came from an archive. */
  readonly ledger: { readonly custody: string; readonly checkpoint: string; readonly events: number } | null;
  readonly loadFile: { readonly file: string } | null;
  /** Of `manifest-sha256.txt`: by it the page is bound to the payload that it tells of. */
  readonly manifestSha256: string;
}

/** The element ids and classes under which the page carries its data. */
export const PAGE_DATA = {
  facts: "package-facts",
  removed: "removed-recordings",
  listed: "listed-recordings",
  details: "recording-details",
  checker: "checker",
} as const;

/** So many recordings stand in one piece of the page's data. */
export const PIECE_LENGTH = 200;
