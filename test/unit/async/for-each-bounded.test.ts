import { setImmediate as tick } from "node:timers/promises";
import { expect, test } from "vitest";
import { forEachBounded } from "../../../src/async/for-each-bounded.ts";

test("never more than so many at a time, and all of them", async () => {
  let [running, most, done] = [0, 0, 0];
  const work = async () => {
    running += 1;
    most = Math.max(most, running);
    await tick();
    running -= 1;
    done += 1;
  };
  await forEachBounded(Array.from({ length: 100 }), work, { concurrency: 7 });
  expect([most, done]).toEqual([7, 100]);
});

test("items are taken only as they are needed", async () => {
  let taken = 0;
  let done = 0;
  let ahead = 0;
  function* items() {
    for (; taken < 1000; taken += 1) yield taken;
  }
  const work = async () => {
    ahead = Math.max(ahead, taken - done);
    await tick();
    done += 1;
  };
  await forEachBounded(items(), work, { concurrency: 4 });
  expect(done).toBe(1000);
  expect(ahead).toBeLessThanOrEqual(9);
});

test("an error ends it, after what is under way", async () => {
  const finished: number[] = [];
  const work = async (item: number) => {
    if (item === 3) throw new RangeError("three");
    await tick();
    finished.push(item);
  };
  const items = Array.from({ length: 50 }, (_, index) => index);
  await expect(forEachBounded(items, work, { concurrency: 2 })).rejects.toThrow(RangeError);
  expect(finished.length).toBeLessThan(8);
});

test("a signal ends it with its reason", async () => {
  const controller = new AbortController();
  let begun = 0;
  const work = async () => {
    begun += 1;
    if (begun === 5) controller.abort(new RangeError("enough"));
    await tick();
  };
  const run = forEachBounded(Array.from({ length: 50 }), work, { concurrency: 2, signal: controller.signal });
  await expect(run).rejects.toThrow("enough");
  expect(begun).toBeLessThan(9);
});
