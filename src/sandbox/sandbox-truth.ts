import { toAccountRecordingId } from "./account/account-recording-id.ts";
import type { FaultKind } from "./faults/fault-kinds.ts";
import type { FaultPlan } from "./faults/fault-plan.ts";
import { isCompleted } from "./is-completed.ts";
import type { RetainedRecordings } from "./retained-recordings.ts";

/** What is so of a recording, whatever the sandbox says of it. */
export interface RecordingTruth {
  readonly recordingId: string;
  /** Its id in the account's listing. */
  readonly accountRecordingId: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** The fault that every request about it meets, where the kind strikes. */
  readonly permanentFault?: FaultKind;
  /** What struck requests about it so far, in order. */
  readonly faults: readonly FaultKind[];
}

/** Tells the truth of every recording that is completed and still kept. */
export function toTruth(retained: RetainedRecordings, plan: FaultPlan): readonly RecordingTruth[] {
  return retained
    .all()
    .filter(isCompleted)
    .map((recording) => {
      const { recordingId, file } = recording;
      const permanentFault = plan.permanentFaultOf(recordingId);
      return {
        recordingId,
        accountRecordingId: toAccountRecordingId(recording),
        sizeBytes: file.sizeBytes,
        sha256: file.sha256,
        ...(permanentFault && { permanentFault }),
        faults: plan.struck(recordingId),
      };
    });
}
