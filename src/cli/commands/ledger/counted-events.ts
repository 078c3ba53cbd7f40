import type { Clock } from "../../../core/clock.ts";
import type { Output } from "../../terminal.ts";

/** How often it is said how far the reading has come. */
const LINE_EVERY_MS = 5000;

/** Asking the time for every event would take longer than counting them. */
const EVENTS_PER_LOOK = 10_000;

/** Says now and then how many events were read: nobody knows beforehand how many there are. */
export class CountedEvents {
  readonly #output: Output;
  readonly #clock: Clock;
  #count = 0;
  #lastLineMs: number;

  constructor(output: Output, clock: Clock) {
    this.#output = output;
    this.#clock = clock;
    this.#lastLineMs = clock.now();
  }

  add(): void {
    this.#count += 1;
    if (this.#count % EVENTS_PER_LOOK !== 0 || this.#clock.now() - this.#lastLineMs < LINE_EVERY_MS) return;
    this.#lastLineMs = this.#clock.now();
    this.#output.note(`read ${this.#count} events`);
  }
}
