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
    if (event.type === "planned") this.total = event.count;
    else if (event.type === "received") this.#receivedBytes += event.bytes;
    else {
      this.#ended[event.ended] += 1;
      this.#endedBytes += event.bytes;
    }
  }

  /** Says how many bytes there were and how fast, and what did not go as it should. */
  toDetails(): string {
    const bytes = Math.max(this.#receivedBytes, this.#endedBytes);
    const seconds = (this.#clock.now() - this.#startedAtMs) / 1000;
    const { skipped, failed } = this.#ended;
    return [
      toByteWords(bytes),
      `${toByteWords(seconds > 0 ? Math.round(bytes / seconds) : 0)}/s`,
      ...(skipped > 0 ? [`${skipped} skipped`] : []),
      ...(failed > 0 ? [`${failed} failed`] : []),
    ].join(", ");
  }

  /** Says how long the rest will take if it goes on like this. */
  toEta(): string {
    const { done, failed } = this.#ended;
    if (done + failed === 0) return "unknown";
    // What is skipped takes no time.
    const secondsEach = (this.#clock.now() - this.#startedAtMs) / 1000 / (done + failed);
    return toDurationWords(secondsEach * (this.total - this.ended));
  }
}
