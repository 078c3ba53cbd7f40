import { expect, test } from "vitest";
import { ByteBudget } from "../../../src/async/byte-budget.ts";

/** A budget of 1000 bytes a second by a clock that stands still until it is moved. */
function openBudget() {
  const time = { ms: 1_000_000 };
  return { budget: new ByteBudget(1000, { now: () => time.ms }), time };
}

/** Takes bytes and gives how long that lasted. */
function take(budget: ByteBudget, bytes: number): number {
  const beganMs = performance.now();
  budget.take(bytes);
  return performance.now() - beganMs;
}

// A wait is never shorter than it has to be; that there is none shows in a test that ends.
const ROUNDING_MS = 2;

test("what was taken has to be paid for before more is", () => {
  const { budget } = openBudget();
  budget.take(30);
  expect(take(budget, 20)).toBeGreaterThanOrEqual(30 - ROUNDING_MS);
  expect(take(budget, 1)).toBeGreaterThanOrEqual(50 - ROUNDING_MS);
});

test("what is paid for is not waited for, and nothing is saved up", () => {
  const { budget, time } = openBudget();
  budget.take(3_600_000_000);
  time.ms += 3_600_000_000;
  budget.take(1_000_000_000);
  time.ms += 2_000_000_000;
  budget.take(30);
  expect(take(budget, 1)).toBeGreaterThanOrEqual(30 - ROUNDING_MS);
});
