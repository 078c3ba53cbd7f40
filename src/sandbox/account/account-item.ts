import type { CompletedRecording, StoredCall } from "../schema.ts";
import { toAccountRecordingId, toMonth } from "./account-recording-id.ts";
import { toGregorianSeconds } from "./gregorian.ts";

/**
 * Describes a recording as the account's listing does: with neither size nor digest [K].
 *
 * @param call - The call it is of, if the sandbox knows it.
 */
export function toAccountItem(recording: CompletedRecording, call: StoredCall | undefined) {
  const { format, startedAtMs, end, recordedMs, callId } = recording;
  const from = call?.from ?? "";
  const to = call?.to ?? "";
  return {
    id: toAccountRecordingId(recording),
    media_type: `.${format}`,
    start: toGregorianSeconds(startedAtMs),
    duration: end.durationSeconds,
    duration_ms: recordedMs,
    from,
    to,
    direction: call?.direction ?? "inbound",
    caller_id_name: from,
    caller_id_number: from,
    callee_id_name: to,
    callee_id_number: to,
    call_id: callId,
    cdr_id: `${toMonth(startedAtMs)}-${callId}`,
    interaction_id: `${toGregorianSeconds(startedAtMs)}-${callId.slice(-8)}`,
  };
}
