import type { ArchivedRecording } from "./archived-file.ts";
import type { Finding } from "./finding.ts";
import type { RecordingId } from "./recording-id.ts";
import type { Outcome } from "./report.ts";

/** How closely files are looked at; each level includes those before it. */
export const VERIFY_LEVELS = ["presence", "digest", "structure", "deep"] as const;
export type VerifyLevel = (typeof VERIFY_LEVELS)[number];

/** More threads than this only wait for each other, and each takes 10 MB. */
export const MAX_READERS = 64;

/** What became of a recording when it was last looked at: the worst of its files. */
export const CHECK_STATUSES = ["ok", "damaged", "missing", "unreachable"] as const;
export type CheckStatus = (typeof CHECK_STATUSES)[number];

/** What the file system says of a file beside its bytes; changes of a program's making show here. */
export interface FileTrace {
  readonly sizeBytes: number;
  /** Decimal digits: an inode does not always fit a double. */
  readonly inode: string;
  /** Nanoseconds since the epoch, in decimal digits. */
  readonly modifiedNs: string;
}

/** One recording that was looked at, to be noted. */
export interface RecordingCheck {
  readonly recordingId: RecordingId;
  readonly runId: string;
  readonly level: VerifyLevel;
  readonly status: CheckStatus;
  readonly checkedAtMs: number;
  /** By file key, of the files whose bytes were read and right. Others keep what was noted of them before. */
  readonly traces: Readonly<Record<string, FileTrace>>;
}

/** A recording that is to be looked at, with what is known of earlier looks. */
export interface DueRecording {
  readonly recording: ArchivedRecording;
  /** When it was last looked at at the wanted level or a closer one; when it was stored, if never. */
  readonly lastCheckedAtMs: number;
  /** By file key. */
  readonly traces: Readonly<Record<string, FileTrace>>;
}

/** Which recordings are due. */
export interface DueSelection {
  readonly level: VerifyLevel;
  /** Those that were last looked at before this instant, and all whose last look was not ok, whenever it was. */
  readonly beforeMs: number;
  /** Those as well that were last looked at after this instant: a wrong clock has said so, and nobody knows when it was. @default none */
  readonly nowMs?: number;
}

/** How much is due. */
export interface DueSummary {
  readonly recordings: number;
  readonly files: number;
  readonly bytes: number;
}

/** How old the oldest looks are. */
export interface CheckAges {
  /** When the recording that was not looked at for longest was last looked at, at the level or a closer one; undefined when there is none. */
  readonly oldestMs: number | undefined;
  /** How many recordings were never looked at since they were stored. */
  readonly neverChecked: number;
  /** How many recordings there are whose last look is so many whole days ago; only days that have some. */
  readonly byDay: readonly { readonly days: number; readonly recordings: number }[];
}

/** One verification of an archive; it stands in the catalogue from its beginning, so that a killed one shows. */
export interface VerifyRun {
  readonly runId: string;
  readonly level: VerifyLevel;
  readonly startedAtMs: number;
  /** What was asked for, in words: the flags that select and bound. */
  readonly request: string;
  readonly toolVersion: string;
  /** Undefined while it runs, and for good if it was killed. */
  readonly ended:
    | {
        readonly finishedAtMs: number;
        readonly outcome: Outcome;
        readonly done: number;
        readonly findings: number;
        readonly failed: number;
        readonly bytes: number;
      }
    | undefined;
}

/** A finding of one run, with the recording that it is about, where it is about one. */
export interface RunFinding {
  readonly runId: string;
  readonly recordingId: RecordingId | undefined;
  readonly foundAtMs: number;
  readonly finding: Finding;
}

/** All that is known of looking at one recording. */
export interface RecordingHistory {
  readonly recordingId: RecordingId;
  readonly storedAtMs: number;
  /** When it was last looked at at each level or a closer one; undefined where never. */
  readonly lastCheckedAtMs: Readonly<Record<VerifyLevel, number | undefined>>;
  /** The last look's; undefined if there was none. */
  readonly status: CheckStatus | undefined;
  /** How often it was looked at. */
  readonly checks: number;
  readonly lastRunId: string | undefined;
  /** Oldest first. */
  readonly findings: readonly RunFinding[];
}
