import pLimit from "p-limit";

/** Gives a slot back; to be called once. */
export type Release = () => void;

/** A number of things that may be under way at a time, for work that does not begin and end in one function. */
export class Slots {
  readonly #limit;

  constructor(count: number) {
    this.#limit = pLimit(count);
  }

  /** Waits for a slot. */
  take(): Promise<Release> {
    return new Promise((taken) => {
      void this.#limit(() => new Promise<void>((release) => taken(release)));
    });
  }
}
