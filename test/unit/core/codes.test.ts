import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { UsageError } from "../../../src/cli/errors.ts";
import { EXIT_CODES, toErrorExitCode } from "../../../src/cli/exit-codes.ts";
import { ERROR_CODES, isHoldfastError, NothingToDoError, ProfileError } from "../../../src/core/errors.ts";

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

test("usage and configuration end with 2, the rest with 1", () => {
  expect(
    [new UsageError("x"), new ProfileError("x"), new NothingToDoError("x"), new Error("x")].map(toErrorExitCode),
  ).toEqual([2, 2, 1, 1]);
});
