import type { Clock } from "../core/clock.ts";
import type { RunEvent } from "../core/run-log.ts";
import { toByteWords, toDurationWords } from "./wording.ts";

/** Counts what a run tells of itself. */
export class ProgressMeter {
  readonly #clock: Clock;
  readonly #startedAtMs: number;
  readonly #ended = { done: 0, skipped: 0, failed: 0 };
  #receivedBytes = 0;
  #endedBytes = 0;
  #audioSeconds = 0;
  #plannedAudioSeconds = 0;
  total = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAtMs = clock.now();
  }

  /** Things that have ended, however. */
  get ended(): number {
    return this.#ended.done + this.#ended.skipped + this.#ended.failed;
  }

  add(event: RunEvent): void {
    if (event.type === "planned") {
      this.total = event.count;
      this.#plannedAudioSeconds = event.audioSeconds;
    } else if (event.type === "estimated") this.#plannedAudioSeconds = event.audioSeconds;
    else if (event.type === "received") this.#receivedBytes += event.bytes;
    else {
      this.#ended[event.ended] += 1;
      this.#endedBytes += event.bytes;
      this.#audioSeconds += event.audioSeconds;
    }
  }

  /** Says how much there was and how fast, in audio where the run is planned so, and what did not go as it should. */
  toDetails(): string {
    const { skipped, failed } = this.#ended;
    return [
      ...(this.#plannedAudioSeconds > 0 ? this.#toAudioDetails() : this.#toByteDetails()),
      ...(skipped > 0 ? [`${skipped} skipped`] : []),
      ...(failed > 0 ? [`${failed} failed`] : []),
    ].join(", ");
  }

  /** Says how long the rest will take if it goes on like this. */
  toEta(): string {
    const { done, failed } = this.#ended;
    if (this.#plannedAudioSeconds > 0 && this.#audioSeconds > 0) {
      const leftSeconds = Math.max(0, this.#plannedAudioSeconds - this.#audioSeconds);
      return toDurationWords((this.#elapsedSeconds * leftSeconds) / this.#audioSeconds);
    }
    if (done + failed === 0) return "unknown";
    // What is skipped takes no time.
    return toDurationWords((this.#elapsedSeconds / (done + failed)) * (this.total - this.ended));
  }

  get #elapsedSeconds(): number {
    return (this.#clock.now() - this.#startedAtMs) / 1000;
  }

  #toByteDetails(): readonly string[] {
    const bytes = Math.max(this.#receivedBytes, this.#endedBytes);
    return [toByteWords(bytes), `${toByteWords(this.#toRate(bytes))}/s`];
  }

  #toAudioDetails(): readonly string[] {
    const [done, planned] = [this.#audioSeconds, this.#plannedAudioSeconds].map(toDurationWords);
    return [`${done} of about ${planned} of audio`, `${this.#toRate(this.#audioSeconds)} × real time`];
  }

  #toRate(amount: number): number {
    return this.#elapsedSeconds > 0 ? Math.round(amount / this.#elapsedSeconds) : 0;
  }
}
