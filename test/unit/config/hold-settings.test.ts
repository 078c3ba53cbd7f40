import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/config/errors.ts";
import { toHoldPolicy } from "../../../src/config/hold-settings.ts";
import { resolveConfig } from "../../../src/config/resolve-config.ts";

function policyOf(file: object) {
  const text = JSON.stringify(file);
  return toHoldPolicy(resolveConfig({ flags: {}, environment: {}, file: { path: "c.json", text } }));
}

test("where nothing is set, one person is enough", () => {
  expect(policyOf({})).toEqual({ releaseNeeds: 1, approversFile: undefined });
  expect(policyOf({ holds: { approversFile: "a" } })).toEqual({ releaseNeeds: 1, approversFile: "a" });
});

test("what is set counts", () => {
  expect(policyOf({ holds: { releaseNeeds: 5, approversFile: "a" } })).toEqual({ releaseNeeds: 5, approversFile: "a" });
});

describe("a policy that nobody could fulfil, or that means nothing, is refused", () => {
  test.each([
    [{ releaseNeeds: 2 }, /holds.approversFile: missing/],
    [{ releaseNeeds: 0, approversFile: "a" }, /holds.releaseNeeds/],
    [{ releaseNeeds: 6, approversFile: "a" }, /holds.releaseNeeds/],
    [{ releaseNeeds: 1.5, approversFile: "a" }, /holds.releaseNeeds/],
    [{ approvers: "a" }, /holds/],
  ])("%j", (holds, message) => {
    expect(() => policyOf({ holds })).toThrow(ConfigError);
    expect(() => policyOf({ holds })).toThrow(message);
  });
});
