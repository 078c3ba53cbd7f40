import { setImmediate as tick } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Pace, type PaceOptions } from "../../../src/async/pace.ts";

const QUARTER_OF_AN_HOUR_MS = 15 * 60_000;

/** A complaint of a server, with its `Retry-After` if it gave one. */
function complaint(retryAfterMs?: number) {
  return Object.assign(new Error("too many calls"), { throttled: true, retryAfterMs });
}

/** A pace by a clock that stands still until it is moved, without pauses of its own. */
function openPace(options: Partial<PaceOptions> = {}) {
  const time = { ms: 1_000_000 };
  const clock = { now: () => time.ms };
  const bounds = { concurrency: 8, firstPauseMs: 0, maxPauseMs: 0, random: () => 0 };
  const pace = new Pace({ ...bounds, clock, ...options });
  return { pace, time };
}

/** Begins so many things at the same time, which all end in the same way. */
async function runRound(pace: Pace, count: number, end: () => unknown): Promise<void> {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const work = async () => {
    await gate;
    throw end();
  };
  const all = Promise.allSettled(Array.from({ length: count }, () => pace.run(work)));
  await tick();
  open();
  await all;
}

/** Work that goes on until it is told to fail. */
function untilFailed(error: unknown) {
  const failing = new AbortController();
  const work = () =>
    new Promise<never>((_, reject) => {
      failing.signal.addEventListener("abort", () => reject(error));
    });
  return { work, fail: () => failing.abort() };
}

const succeed = (pace: Pace, count: number) =>
  Promise.all(Array.from({ length: count }, () => pace.run(async () => undefined)));

describe("how many go side by side", () => {
  test("never more than the concurrency", async () => {
    const { pace } = openPace({ concurrency: 3 });
    let [running, most] = [0, 0];
    const work = async () => {
      running += 1;
      most = Math.max(most, running);
      await tick();
      running -= 1;
    };
    await Promise.all(Array.from({ length: 12 }, () => pace.run(work)));
    expect(most).toBe(3);
  });

  test("half as many after a complaint, however many complain of the same moment", async () => {
    const { pace, time } = openPace();
    const found = [];
    for (let epoch = 0; epoch < 4; epoch += 1) {
      time.ms += 1;
      await runRound(pace, pace.concurrency, complaint);
      found.push(pace.concurrency);
    }
    expect(found).toEqual([4, 2, 1, 1]);
  });

  test("what was begun before the slowing tells nothing of the pace since", async () => {
    const { pace, time } = openPace();
    const { work, fail } = untilFailed(complaint());
    const late = pace.run(work);
    await tick();
    time.ms += 1;
    await runRound(pace, 1, complaint);
    time.ms += 1;
    fail();
    await expect(late).rejects.toThrow("too many calls");
    expect(pace.concurrency).toBe(4);
  });

  test("one more after each round of successes, up to where it began", async () => {
    const { pace, time } = openPace();
    time.ms += 1;
    await runRound(pace, 1, complaint);
    expect(pace.concurrency).toBe(4);
    await succeed(pace, 3);
    expect(pace.concurrency).toBe(4);
    await succeed(pace, 1);
    expect(pace.concurrency).toBe(5);
    await succeed(pace, 5 + 6 + 7 + 8);
    expect(pace.concurrency).toBe(8);
    await succeed(pace, 20);
    expect(pace.concurrency).toBe(8);
  });

  test("other failures slow nothing down", async () => {
    const { pace } = openPace();
    await runRound(pace, 8, () => new Error("reset"));
    expect(pace.concurrency).toBe(8);
  });
});

/** Tells whether something that comes now is begun now, and does not wait. */
async function isBegun(pace: Pace, end: () => void = () => undefined): Promise<boolean> {
  const controller = new AbortController();
  let calls = 0;
  const work = async () => {
    calls += 1;
    end();
  };
  const run = pace.run(work, controller.signal).catch(() => undefined);
  await tick();
  controller.abort();
  await run;
  return calls > 0;
}

const complain = () => {
  throw complaint();
};

describe("a server that says how long to wait", () => {
  test("is asked nothing by anybody until then", async () => {
    const { pace, time } = openPace();
    await runRound(pace, 2, () => complaint(60_000));
    for (const stepMs of [0, 30_000, 29_999]) {
      time.ms += stepMs;
      expect(await isBegun(pace)).toBe(false);
    }
    time.ms += 1;
    expect(await isBegun(pace)).toBe(true);
  });

  test("does not keep a run from ending, with the reason that it was given", async () => {
    const { pace } = openPace();
    await runRound(pace, 1, () => complaint(QUARTER_OF_AN_HOUR_MS));
    const controller = new AbortController();
    const waiting = pace.run(async () => "too early", controller.signal);
    await tick();
    controller.abort(new RangeError("enough"));
    await expect(waiting).rejects.toThrow("enough");
  });

  test("longer than a quarter of an hour is not asked again until then", async () => {
    const { pace, time } = openPace();
    const error = complaint(QUARTER_OF_AN_HOUR_MS + 1);
    await runRound(pace, 1, () => error);
    let calls = 0;
    const call = () => pace.run(async () => ++calls);
    await expect(call()).rejects.toBe(error);
    time.ms += QUARTER_OF_AN_HOUR_MS;
    await expect(call()).rejects.toBe(error);
    expect(calls).toBe(0);
    time.ms += 1;
    expect(await call()).toBe(1);
  });

  test("refuses those too that wait for a shorter pause to end", async () => {
    const { pace, time } = openPace();
    const error = complaint(QUARTER_OF_AN_HOUR_MS + 1);
    const { work, fail } = untilFailed(error);
    const refused = pace.run(work);
    await runRound(pace, 1, () => complaint(10));
    let calls = 0;
    const waiting = pace.run(async () => ++calls);
    await tick();
    fail();
    await expect(refused).rejects.toBe(error);
    time.ms += 10;
    await expect(waiting).rejects.toBe(error);
    expect(calls).toBe(0);
  });
});

test("without a word from the server the pause doubles up to its bound, and is short again after a success", async () => {
  const { pace, time } = openPace({ firstPauseMs: 20, maxPauseMs: 50 });
  /** The next thing is begun just after so long. */
  const expectPause = async (pauseMs: number, end?: () => void) => {
    time.ms += pauseMs - 1;
    expect(await isBegun(pace)).toBe(false);
    time.ms += 1;
    expect(await isBegun(pace, end)).toBe(true);
  };
  await runRound(pace, 1, complaint);
  await expectPause(20, complain);
  await expectPause(40, complain);
  await expectPause(50);
  await runRound(pace, 1, complaint);
  await expectPause(20);
});

test("a random part of up to a half is taken off a pause of our own", async () => {
  const { pace, time } = openPace({ firstPauseMs: 1000, maxPauseMs: 1000, random: () => 0.5 });
  await runRound(pace, 1, complaint);
  time.ms += 749;
  expect(await isBegun(pace)).toBe(false);
  time.ms += 1;
  expect(await isBegun(pace)).toBe(true);
});

describe("so many a second", () => {
  test("one after the other, in the order in which they came", async () => {
    const { pace, time } = openPace({ perSecond: 100 });
    const begun: number[] = [];
    const [first, second, third] = [0, 1, 2].map((index) => pace.run(async () => void begun.push(index)));
    await first;
    time.ms += 10;
    await second;
    expect(begun).toEqual([0, 1]);
    time.ms += 10;
    await third;
    expect(begun).toEqual([0, 1, 2]);
  });

  test("nothing is saved up while nobody asks", async () => {
    const { pace, time } = openPace({ perSecond: 1 });
    expect(await isBegun(pace)).toBe(true);
    time.ms += 60_000;
    expect(await isBegun(pace)).toBe(true);
    expect(await isBegun(pace)).toBe(false);
  });

  test("a pause counts for what waits for its turn", async () => {
    const { pace, time } = openPace({ perSecond: 100 });
    const { work, fail } = untilFailed(complaint(60_000));
    const complaining = pace.run(work);
    await tick();
    const controller = new AbortController();
    const waiting = pace.run(async () => "too early", controller.signal);
    fail();
    await expect(complaining).rejects.toThrow("too many calls");
    time.ms += 10;
    // Long enough for its own wait to be over.
    await new Promise((resolve) => setTimeout(resolve, 30));
    controller.abort(new RangeError("still paused"));
    await expect(waiting).rejects.toThrow("still paused");
  });
});
