import pLimit from "p-limit";
import type { Clock } from "../core/clock.ts";
import { MAX_PATIENCE_MS } from "./retry.ts";
import { wait } from "./wait.ts";

/** How fast a run may go at most. */
export interface PaceOptions {
  /** Things under way at a time while nobody complains. */
  readonly concurrency: number;
  /** Things begun per second at most; undefined for no such bound. */
  readonly perSecond?: number | undefined;
  /** The first pause of the whole run when a server complains without saying how long to wait; it doubles. */
  readonly firstPauseMs: number;
  readonly maxPauseMs: number;
  readonly random: () => number;
  readonly clock: Clock;
}

/**
 * The pace of a whole run against one server. A complaint about too many calls concerns them all: no other is begun
 * until the server's `Retry-After` is over, and half as many go side by side. Each round of successes adds one again.
 * When it asks for more than a quarter of an hour, the rest of the run fails with that error, without a call.
 */
export class Pace {
  readonly #options: PaceOptions;
  readonly #limit;
  #nextTurnMs = 0;
  #pausedUntilMs = 0;
  #pauses = 0;
  #slowedAtMs = Number.NEGATIVE_INFINITY;
  #successes = 0;
  /** Why nothing is begun for longer than anybody waits. */
  #refusal: { readonly error: unknown; readonly untilMs: number } | undefined;

  constructor(options: PaceOptions) {
    this.#options = options;
    this.#limit = pLimit(options.concurrency);
  }

  /** How many things may be under way now. */
  get concurrency(): number {
    return this.#limit.concurrency;
  }

  /** Does something when its turn comes, and learns from how it ends. */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.#limit(async () => {
      await this.#turn(signal);
      const begunAtMs = this.#options.clock.now();
      try {
        const result = await work();
        this.#speedUp();
        return result;
      } catch (error) {
        if (isThrottled(error)) this.#slowDown(error, begunAtMs);
        throw error;
      }
    });
  }

  /** Waits for what it has to; a complaint or a pause that comes in the meantime counts too. */
  async #turn(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    for (let turnMs: number | undefined; ; ) {
      const nowMs = this.#options.clock.now();
      if (this.#refusal !== undefined && nowMs < this.#refusal.untilMs) throw this.#refusal.error;
      const isPaused = nowMs < this.#pausedUntilMs;
      turnMs = isPaused ? undefined : (turnMs ?? this.#takeTurn(nowMs));
      const waitMs = (turnMs ?? this.#pausedUntilMs) - nowMs;
      if (waitMs <= 0) return;
      await wait(waitMs, signal);
    }
  }

  /** Gives when the next thing may be begun that nobody has spoken for. */
  #takeTurn(nowMs: number): number {
    const { perSecond } = this.#options;
    const turnMs = Math.max(nowMs, this.#nextTurnMs);
    if (perSecond !== undefined) this.#nextTurnMs = turnMs + 1000 / perSecond;
    return turnMs;
  }

  #speedUp(): void {
    this.#pauses = 0;
    this.#successes += 1;
    if (this.#successes < this.#limit.concurrency) return;
    this.#successes = 0;
    this.#limit.concurrency = Math.min(this.#options.concurrency, this.#limit.concurrency + 1);
  }

  /** What was begun before the last slowing tells nothing of the pace since. */
  #slowDown(error: Throttled, begunAtMs: number): void {
    const { clock, firstPauseMs, maxPauseMs, random } = this.#options;
    const { retryAfterMs } = error;
    const nowMs = clock.now();
    if (retryAfterMs !== undefined && retryAfterMs > MAX_PATIENCE_MS) {
      this.#refusal = { error, untilMs: nowMs + retryAfterMs };
      return;
    }
    if (begunAtMs > this.#slowedAtMs) {
      this.#slowedAtMs = nowMs;
      this.#successes = 0;
      this.#limit.concurrency = Math.max(1, Math.floor(this.#limit.concurrency / 2));
      this.#pauses += 1;
    }
    const ownPauseMs = Math.min(maxPauseMs, firstPauseMs * 2 ** (this.#pauses - 1)) * (1 - random() / 2);
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, nowMs + Math.max(retryAfterMs ?? 0, ownPauseMs));
  }
}

/** An error by which a server says that it wants fewer calls. */
interface Throttled {
  readonly throttled: true;
  readonly retryAfterMs?: number | undefined;
}

function isThrottled(error: unknown): error is Throttled {
  return typeof error === "object" && error !== null && "throttled" in error && error.throttled === true;
}
