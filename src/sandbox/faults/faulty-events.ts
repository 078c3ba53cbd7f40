import type { RecordingEvent } from "../recording-event.ts";
import type { FaultPlan } from "./fault-plan.ts";

/** Sends events twice, and out of order. */
export class FaultyEvents {
  readonly #plan: FaultPlan;
  #held: RecordingEvent[] = [];

  constructor(plan: FaultPlan) {
    this.#plan = plan;
  }

  /** Takes an event and returns those to send now, which may be none, or others as well. */
  next(event: RecordingEvent): readonly RecordingEvent[] {
    const recordingId = String(event.data["recording_id"]);
    const subject = `${recordingId}/${event.event}`;
    const drawn = this.#plan.draw({ stage: "webhook", place: "webhook", subject, recordingId });
    if (drawn !== undefined) this.#plan.strike(drawn);
    if (drawn?.fault.kind === "webhook-late") {
      this.#held.push(event);
      return [];
    }
    return [...(drawn === undefined ? [event] : [event, event]), ...this.rest()];
  }

  /** Returns what is held back, and holds it no longer. */
  rest(): readonly RecordingEvent[] {
    const held = this.#held;
    this.#held = [];
    return held;
  }
}
