import type { RecordingId } from "../core/recording-id.ts";
import type {
  CheckAges,
  DueRecording,
  DueSelection,
  DueSummary,
  RecordingCheck,
  RecordingHistory,
  RunFinding,
  VerifyLevel,
  VerifyRun,
} from "../core/verification.ts";

/**
 * What is known of verifying the recordings of a catalogue: which was last looked at when and how closely, what was found,
 * and in which run. It outlives `Catalogue.clear`, for no sidecar tells it again.
 *
 * Recordings come into it when the catalogue gets to know them, as last looked at when they were stored. What a method wrote
 * is durable when it settles. Methods may run side by side.
 */
export interface Checks {
  /** Notes that a run begins. */
  begin(run: VerifyRun): Promise<void>;

  /**
   * Notes what was looked at and found since the last call; all of it or, when it fails, nothing. A call names a recording once,
   * and its findings are of a run that has begun.
   *
   * Damage stands until a look as close as the one that found it says `ok`. What was `unreachable` was not looked at: nothing
   * that is known of it changes, but that it is due. Of what the catalogue never knew, no check is kept.
   */
  note(checks: readonly RecordingCheck[], findings: readonly RunFinding[]): Promise<void>;

  /** Notes how a run ended. */
  finish(runId: string, ended: NonNullable<VerifyRun["ended"]>): Promise<void>;

  /** Counts what is due. */
  summariseDue(selection: DueSelection): Promise<DueSummary>;

  /**
   * Gives what is due, in bounded memory: first what was not ok, in the order in which it was noted, then what was not looked at
   * for longest. What is noted meanwhile does not come again, whatever the clock says.
   */
  due(selection: DueSelection): AsyncIterable<DueRecording>;

  /** Tells how old the looks at a level or a closer one are. */
  ages(level: VerifyLevel, nowMs: number): Promise<CheckAges>;

  /** Gives all that is known of looking at a recording; undefined for one that is not in the catalogue and never was. */
  history(recordingId: RecordingId): Promise<RecordingHistory | undefined>;

  /** Gives a run, and what it found, in the order in which it was found. */
  run(runId: string): Promise<{ readonly run: VerifyRun; readonly findings: readonly RunFinding[] } | undefined>;

  /** Gives the last runs, the newest first. */
  runs(limit: number): Promise<readonly VerifyRun[]>;
}
