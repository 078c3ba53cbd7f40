import { setImmediate as tick } from "node:timers/promises";
import { expect, test } from "vitest";
import { forEachBounded } from "../../../src/async/for-each-bounded.ts";

test("when the items themselves break off, what is under way is still waited for", async () => {
  let running = 0;
  async function* items() {
    yield 1;
    yield 2;
    throw new RangeError("broken off");
  }
  const work = async () => {
    running += 1;
    for (let turn = 0; turn < 10; turn += 1) await tick();
    running -= 1;
  };
  await expect(forEachBounded(items(), work, { concurrency: 4 })).rejects.toThrow("broken off");
  expect(running).toBe(0);
});
