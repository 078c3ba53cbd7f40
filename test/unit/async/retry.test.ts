import { describe, expect, test } from "vitest";
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

describe("what is worth while is the caller's to say", () => {
  test("yes, although the error says no", async () => {
    const { attempt, made } = failing(new NothingToDoError("x"));
    expect(await retry(attempt, { ...options, isWorthwhile: () => true })).toBe(2);
    expect(made()).toBe(2);
  });

  test("no, although the error says yes, and it is asked about each", async () => {
    const errors = [short(), short(), short()];
    const { attempt, made } = failing(...errors);
    await expect(retry(attempt, { ...options, isWorthwhile: (error) => error === errors[0] })).rejects.toBe(errors[1]);
    expect(made()).toBe(2);
  });
});

test("the count begins again when an attempt made progress", async () => {
  const errors = Array.from({ length: 9 }, short);
  const { attempt, made } = failing(...errors);
  // Four failures in a row are too many; the third and the sixth are none of a row.
  const madeProgress = (error: unknown) => error === errors[2] || error === errors[5];
  await expect(retry(attempt, { ...options, madeProgress })).rejects.toBe(errors[8]);
  expect(made()).toBe(9);
});

test("a server that asks for more than a quarter of an hour is not asked again", async () => {
  const error = Object.assign(short(), { retryAfterMs: 15 * 60_000 + 1 });
  const { attempt, made } = failing(error);
  await expect(retry(attempt, options)).rejects.toBe(error);
  expect(made()).toBe(1);
});

test("an attempt that is called off is not tried again, and the reason comes through", async () => {
  const controller = new AbortController();
  let made = 0;
  const attempt = async () => {
    made += 1;
    controller.abort(new RangeError("enough"));
    throw short();
  };
  await expect(retry(attempt, { ...options, signal: controller.signal })).rejects.toThrow("enough");
  await expect(retry(attempt, { ...options, signal: controller.signal })).rejects.toThrow("enough");
  expect(made).toBe(1);
});
