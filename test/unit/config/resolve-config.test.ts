import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/config/errors.ts";
import { type ConfigSources, resolveConfig } from "../../../src/config/resolve-config.ts";

function resolve({ flags = {}, environment = {}, file }: Partial<ConfigSources>) {
  return resolveConfig({ flags, environment, file });
}

const inFile = (value: unknown) => ({ path: "c.json", text: JSON.stringify(value) });

describe("who wins", () => {
  const all = {
    flags: { archive: "flag" },
    environment: { HOLDFAST_ARCHIVE: "env" },
    file: inFile({ archive: "file" }),
  };
  test.each([
    [all, "flag", "flag"],
    [{ ...all, flags: {} }, "env", "environment"],
    [{ ...all, flags: {}, environment: { HOLDFAST_ARCHIVE: "" } }, "file", "file"],
    [{}, "./archive", "default"],
  ] as const)("%#: %s", (sources, archive, origin) => {
    const { settings, origins } = resolve(sources);
    expect([settings.archive, origins.archive]).toEqual([archive, origin]);
  });
});

test("every default is applied, what has none is unset, and nothing can be changed afterwards", () => {
  const config = resolve({});
  expect(config.settings).toEqual({
    allowPrivateHosts: false,
    archive: "./archive",
    auth: "token",
    baseUrl: "https://api.audian.com:8443/v2",
    dialect: "documented",
    logFormat: "text",
    timeoutSeconds: 30,
  });
  const unset = { ffmpeg: "unset", concurrency: "unset", apiKeyFile: "unset", accountId: "unset" };
  expect(config.origins).toMatchObject(unset);
  expect([config, config.settings, config.origins].map(Object.isFrozen)).toEqual([true, true, true]);
});

test("how the vendor is reached comes from flags, environment and file", () => {
  const { settings, origins } = resolve({
    flags: { dialect: "account", timeoutSeconds: 2.5, allowPrivateHosts: true },
    environment: { AUDIAN_ACCOUNT_ID: "acc1" },
    file: inFile({ auth: "exchange", timeoutSeconds: 60, allowPrivateHosts: false }),
  });
  expect(settings).toMatchObject({
    dialect: "account",
    accountId: "acc1",
    auth: "exchange",
    timeoutSeconds: 2.5,
    allowPrivateHosts: true,
  });
  expect(origins).toMatchObject({ accountId: "environment", auth: "file", timeoutSeconds: "flag" });
});

describe("what cannot be used is refused, with its name and where it came from", () => {
  test.each([
    [{ flags: { concurrency: "many" } }, /concurrency \(from flag\)/],
    [{ flags: { concurrency: 0 } }, /concurrency \(from flag\)/],
    [{ flags: { concurrency: 1.5 } }, /concurrency \(from flag\)/],
    [{ flags: { archive: ["a", "b"] } }, /archive \(from flag\)/],
    [{ environment: { AUDIAN_BASE_URL: "api.audian.com" } }, /baseUrl \(from environment\)/],
    [{ environment: { AUDIAN_BASE_URL: "ftp://host/v2" } }, /baseUrl \(from environment\)/],
    [{ file: inFile({ baseUrl: "https://u:p@host/" }) }, /baseUrl/],
    [{ file: inFile({ archiv: "x" }) }, /c\.json: .*archiv/],
    [{ file: inFile({ auth: "magic" }) }, /c\.json: auth/],
    [{ flags: { dialect: "kazoo" } }, /dialect \(from flag\)/],
    [{ flags: { timeoutSeconds: 0 } }, /timeoutSeconds \(from flag\)/],
    [{ flags: { timeoutSeconds: [1, 2] } }, /timeoutSeconds \(from flag\)/],
    [{ file: inFile({ timeoutSeconds: 1e9 }) }, /c\.json: timeoutSeconds/],
    [{ file: inFile({ allowPrivateHosts: "no" }) }, /c\.json: allowPrivateHosts/],
    [{ file: inFile({ accountId: "" }) }, /c\.json: accountId/],
    [{ file: inFile([]) }, /c\.json/],
    [{ file: { path: "c.json", text: "{archive: x}" } }, /not JSON: c\.json/],
  ] as const)("%j", (sources, message) => {
    expect(() => resolve(sources)).toThrow(ConfigError);
    expect(() => resolve(sources)).toThrow(message);
  });

  test.each(["https://u:s3cr3t@host/", "https://host/?key=s3cr3t", "https://host/#s3cr3t"])(
    "%s stays unsaid",
    (baseUrl) => {
      expect(() => resolve({ flags: { baseUrl } })).toThrow(expect.not.stringContaining("s3cr3t"));
    },
  );
});
