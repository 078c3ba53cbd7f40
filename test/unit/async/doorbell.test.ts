import { expect, test } from "vitest";
import { Doorbell } from "../../../src/async/doorbell.ts";

const LONG_MS = 1e9;

test("a ring wakes who waits", async () => {
  const bell = new Doorbell();
  const waiting = bell.wait(LONG_MS, undefined);
  bell.ring();
  expect(await waiting).toBe(true);
});

test("a ring that nobody waited for is heard once", async () => {
  const bell = new Doorbell();
  bell.ring();
  bell.ring();
  expect(await bell.wait(LONG_MS, undefined)).toBe(true);
  expect(await bell.wait(1, undefined)).toBe(false);
});

test("a ring that woke somebody is not heard again", async () => {
  const bell = new Doorbell();
  const waiting = bell.wait(LONG_MS, undefined);
  bell.ring();
  await waiting;
  expect(await bell.wait(1, undefined)).toBe(false);
});

test("a signal ends the wait, and the next begins none", async () => {
  const bell = new Doorbell();
  const stopping = new AbortController();
  const waiting = bell.wait(LONG_MS, stopping.signal);
  stopping.abort();
  expect(await waiting).toBe(false);
  expect(await bell.wait(LONG_MS, stopping.signal)).toBe(false);
});
