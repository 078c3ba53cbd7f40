import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { UsageError } from "../../../src/cli/errors.ts";
import { EXIT_CODES, toErrorExitCode } from "../../../src/cli/exit-codes.ts";
import {
  CarriedError,
  ERROR_CODES,
  isHoldfastError,
  NothingToDoError,
  ProfileError,
  toErrorRecord,
} from "../../../src/core/errors.ts";
import { VendorUnauthorizedError, VendorUnavailableError } from "../../../src/vendor/errors.ts";

const docs = (name: string) => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), "utf8");

test("every error code is described, and no other", () => {
  const described = [...docs("errors.md").matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]);
  expect(described.toSorted()).toEqual([...ERROR_CODES].toSorted());
});

test("every exit code is described, and no other", () => {
  const described = [...docs("exit-codes.md").matchAll(/^\| (\d+) \|/gm)].map((match) => Number(match[1]));
  expect(described).toEqual(Object.values(EXIT_CODES));
});

test("an error is known by its brand, not by its class", () => {
  expect(isHoldfastError(new NothingToDoError("x"))).toBe(true);
  expect(isHoldfastError(new Error("x"))).toBe(false);
  expect(isHoldfastError(undefined)).toBe(false);
});

test("an error of another thread is what it was, but for its class", () => {
  const error = new VendorUnavailableError("rec_1", "status 503", { retryAfterMs: 7000, throttled: true });
  const record = structuredClone(toErrorRecord(error));
  const carried = new CarriedError(record);
  expect(isHoldfastError(carried)).toBe(true);
  expect(carried).toMatchObject({ throttled: true, retryAfterMs: 7000 });
  expect(carried.toJSON()).toEqual(error.toJSON());
  const unauthorized = new VendorUnauthorizedError("rec_1", 401);
  const { hint, retryable } = new CarriedError(toErrorRecord(unauthorized));
  expect([hint, retryable]).toEqual([unauthorized.hint, false]);
});

test("an error for another thread leaves its cause behind, which may hold what nobody is to see", () => {
  const error = new NothingToDoError("x", { cause: new Error("key-in-a-url") });
  expect(JSON.stringify(toErrorRecord(error))).not.toContain("key-in-a-url");
});

test("usage and configuration end with 2, the rest with 1", () => {
  expect(
    [new UsageError("x"), new ProfileError("x"), new NothingToDoError("x"), new Error("x")].map(toErrorExitCode),
  ).toEqual([2, 2, 1, 1]);
});
