import type { Finding } from "../core/finding.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { StoredEvent } from "../vendor/event-file.ts";
import type { WebhookEvent } from "../vendor/webhook-event.ts";
import { gatherEvidence } from "./event-evidence.ts";
import type { EventSide } from "./reconcile-sides.ts";

/** What webhooks say of each recording, and what is wrong with their checksums. */
export interface EventSides {
  readonly byRecording: Map<RecordingId, EventSide>;
  readonly findings: readonly Finding[];
}

/** Takes all events of each recording together; neither their order nor repeated deliveries change anything. */
export function toEventSides(events: readonly StoredEvent[]): EventSides {
  const { byRecording: evidence, findings } = gatherEvidence(events);
  const byRecording = new Map<RecordingId, EventSide>();
  for (const { event } of events) {
    const { recordingId, callId } = event;
    const atMs = toInstantMs(event);
    const known = byRecording.get(recordingId);
    byRecording.set(recordingId, {
      callId: known?.callId ?? callId,
      earliestMs: Math.min(known?.earliestMs ?? atMs, atMs),
      latestMs: Math.max(known?.latestMs ?? atMs, atMs),
      isCompleted: event.event === "recording.completed" || known?.isCompleted === true,
      isFailed: event.event === "recording.failed" || known?.isFailed === true,
      sha256: evidence.get(recordingId)?.sha256,
    });
  }
  return { byRecording, findings };
}

function toInstantMs(event: WebhookEvent): number {
  switch (event.event) {
    case "recording.started":
      return event.startedAtMs;
    case "recording.stopped":
      return event.stoppedAtMs;
    case "recording.completed":
      return event.completedAtMs;
    case "recording.failed":
      return event.failedAtMs;
  }
}
