import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { ByteThrottle } from "../../../src/io/byte-throttle.ts";

const SECOND_NS = 1_000_000_000n;
/** Any instant of the clock. */
const NOW_NS = 5_000n * SECOND_NS;

function openThrottle(maxBytesPerSecond: number, memory = ByteThrottle.share()): ByteThrottle {
  return new ByteThrottle({ maxBytesPerSecond, memory });
}

test("bytes take the time that they need at the allowed speed", () => {
  expect(openThrottle(1000).book(500, NOW_NS)).toBe(500);
});

test("whoever comes next waits for those before, in whatever thread", () => {
  const memory = ByteThrottle.share();
  const [one, other] = [openThrottle(1000, memory), openThrottle(1000, memory)];
  expect([one.book(1000, NOW_NS), other.book(1000, NOW_NS), one.book(500, NOW_NS + SECOND_NS)]).toEqual([
    1000, 2000, 1500,
  ]);
});

test("time in which nobody took any is lost", () => {
  const throttle = openThrottle(1000);
  throttle.book(1000, NOW_NS);
  expect(throttle.book(1000, NOW_NS + 3600n * SECOND_NS)).toBe(1000);
});

test("a wait that is too short to be worth it is added to the next", () => {
  const throttle = openThrottle(1_000_000);
  const waits = Array.from({ length: 5 }, () => throttle.book(500, NOW_NS));
  expect(waits).toEqual([0, 0, 0, 2, 2.5]);
});

test("nothing that is booked at the same time is lost", async () => {
  const memory = ByteThrottle.share();
  const program = `
    const { workerData } = require("node:worker_threads");
    import(workerData.module).then(({ ByteThrottle }) => {
      const throttle = new ByteThrottle({ maxBytesPerSecond: 1000, memory: workerData.memory });
      for (let times = 0; times < 50_000; times += 1) throttle.book(1, 1n);
    });`;
  const module = new URL("../../../dist/io/byte-throttle.js", import.meta.url).href;
  const workers = [1, 2, 3].map(() => new Worker(program, { eval: true, workerData: { memory, module } }));
  await Promise.all(workers.map((worker) => once(worker, "exit")));
  expect(openThrottle(1000, memory).book(0, 1n)).toBe(150_000);
});
