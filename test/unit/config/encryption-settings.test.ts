import { describe, expect, test } from "vitest";
import { toKeyPlaces } from "../../../src/config/encryption-settings.ts";
import { ConfigError } from "../../../src/config/errors.ts";
import { resolveConfig } from "../../../src/config/resolve-config.ts";

function placesOf(encryption: object | undefined) {
  const text = JSON.stringify({ encryption });
  return toKeyPlaces(resolveConfig({ flags: {}, environment: {}, file: { path: "c.json", text } }));
}

const COMMAND = { command: ["kms", "--region", "eu"] };

test("without a word on encryption there are no keys", () => {
  expect(placesOf(undefined)).toBeUndefined();
});

test("keys come from files, variables and commands, those before as well", () => {
  const previousKeys = [
    { key: { environment: "OLD" }, keyId: "2024" },
    { key: COMMAND, keyId: "kms/1" },
  ];
  expect(placesOf({ key: { file: "k" }, previousKeys })).toEqual({
    current: { from: { kind: "file", path: "k" }, keyId: undefined },
    previous: [
      { from: { kind: "environment", variable: "OLD" }, keyId: "2024" },
      { from: { kind: "command", program: "kms", arguments: ["--region", "eu"] }, keyId: "kms/1" },
    ],
  });
});

describe("is refused", () => {
  test.each([
    ["a key itself", { key: "00112233" }],
    ["two places for one key", { key: { file: "k", environment: "K" } }],
    ["what is no name of a variable", { key: { environment: "MY KEY" } }],
    ["an empty command", { key: { command: [] }, keyId: "a" }],
    ["a command without a name for its key", { key: COMMAND }],
    ["an earlier command without a name for its key", { key: { file: "k" }, previousKeys: [{ key: COMMAND }] }],
    [
      "the same name for two keys",
      { key: { file: "k" }, keyId: "a", previousKeys: [{ key: { file: "o" }, keyId: "a" }] },
    ],
    ["a name with spaces", { key: { file: "k" }, keyId: "a b" }],
  ])("%s", (_, encryption) => {
    expect(() => placesOf(encryption)).toThrow(ConfigError);
  });
});
