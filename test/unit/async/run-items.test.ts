import { setImmediate as tick } from "node:timers/promises";
import { expect, test } from "vitest";
import { runItems } from "../../../src/async/run-items.ts";
import { CarriedError, NothingToDoError, toErrorRecord } from "../../../src/core/errors.ts";
import { type Ended, RunLog } from "../../../src/core/run-log.ts";
import { StorageFullError } from "../../../src/io/errors.ts";

const ITEMS = Array.from({ length: 20 }, (_, index) => index);

/** Runs twenty items two at a time; `spoil` may throw for some of them. */
async function run(spoil: (item: number) => void, signal?: AbortSignal) {
  const log = new RunLog<string>({ clock: { now: () => 0 }, concurrency: 2 });
  log.planned(ITEMS.length, []);
  let begun = 0;
  const work = async (item: number): Promise<readonly Ended<string>[]> => {
    begun += 1;
    await tick();
    spoil(item);
    return [{ type: "done", result: `done ${item}`, bytes: 1, audioSeconds: 0 }];
  };
  const toFailed = (item: number, error: unknown): readonly Ended<string>[] => [
    { type: "failed", result: `failed ${item}`, subject: String(item), error },
  ];
  const ending = await runItems(ITEMS, { work, toFailed }, { log, concurrency: 2, signal });
  return { ending, begun, report: log.toReport(ending) };
}

test("one that fails stops no other", async () => {
  const { ending, report } = await run((item) => {
    if (item % 5 === 0) throw new NothingToDoError(`no ${item}`);
  });
  expect([ending, report.outcome]).toEqual(["completed", "partial"]);
  expect(report.counts).toMatchObject({ planned: 20, done: 16, failed: 4 });
  expect(report.failures.map(({ subject }) => subject)).toEqual(["0", "5", "10", "15"]);
});

test("a full disk stops the run once, after what is under way", async () => {
  const { ending, begun, report } = await run((item) => {
    if (item >= 4) throw new StorageFullError("no space left");
  });
  expect([ending, report.outcome]).toEqual(["stopped", "failed"]);
  expect(begun).toBeLessThanOrEqual(6);
  expect(report.counts.done).toBe(4);
  // However many meet it side by side.
  expect(report.failures).toMatchObject([{ code: "STORAGE_FULL" }]);
});

test("a full disk that another thread met stops the run too", async () => {
  const { ending, report } = await run((item) => {
    if (item === 4) throw new CarriedError(toErrorRecord(new StorageFullError("no space left")));
  });
  expect([ending, report.failures]).toMatchObject(["stopped", [{ code: "STORAGE_FULL" }]]);
});

test("a request to end is no failure, and what it ended is none either", async () => {
  const controller = new AbortController();
  const { ending, report } = await run((item) => {
    if (item === 4) controller.abort(new RangeError("enough"));
    if (item >= 4) throw new NothingToDoError("cut short");
  }, controller.signal);
  expect([ending, report.outcome]).toEqual(["cancelled", "cancelled"]);
  expect(report.counts).toMatchObject({ done: 4, failed: 0 });
});

test("a bug ends the run as what it is", async () => {
  const bug = new TypeError("x is not a function");
  const spoil = (item: number) => {
    if (item === 4) throw bug;
  };
  await expect(run(spoil)).rejects.toBe(bug);
});
