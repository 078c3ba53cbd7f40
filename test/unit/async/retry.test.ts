import { expect, test } from "vitest";
import { retry } from "../../../src/async/retry.ts";
import { NothingToDoError, SizeMismatchError } from "../../../src/core/errors.ts";

const options = { attempts: 4, firstDelayMs: 1, maxDelayMs: 4, random: () => 0.5 };

/** Fails with each of the errors in turn, then succeeds. */
function failing(...errors: readonly Error[]) {
  let made = 0;
  const attempt = async () => {
    const error = errors[made];
    made += 1;
    if (error !== undefined) throw error;
    return made;
  };
  return { attempt, made: () => made };
}

const short = () => new SizeMismatchError("rec", 10, 5);

test("tries again what may pass by itself", async () => {
  expect(await retry(failing(short(), short()).attempt, options)).toBe(3);
});

test("gives up after its attempts, with the last error", async () => {
  const errors = [short(), short(), short(), short()];
  const { attempt, made } = failing(...errors);
  await expect(retry(attempt, options)).rejects.toBe(errors[3]);
  expect(made()).toBe(4);
});

test.each([new NothingToDoError("x"), new TypeError("bug")])("never tries %s again", async (error) => {
  const { attempt, made } = failing(error);
  await expect(retry(attempt, options)).rejects.toBe(error);
  expect(made()).toBe(1);
});

test("waits as long as the error says, and an abort ends the wait with its reason", async () => {
  const controller = new AbortController();
  const patient = Object.assign(short(), { retryAfterMs: 60_000 });
  const { attempt, made } = failing(patient);
  const run = retry(attempt, { ...options, signal: controller.signal });
  setTimeout(() => controller.abort(new RangeError("enough")), 50);
  await expect(run).rejects.toThrow("enough");
  expect(made()).toBe(1);
});
