import { expect, test } from "vitest";
import { ConfigError } from "../../../src/config/errors.ts";
import { toLocationSettings } from "../../../src/config/location-settings.ts";
import { resolveConfig } from "../../../src/config/resolve-config.ts";

const toConfig = (locations: unknown) =>
  resolveConfig({ flags: {}, environment: {}, file: { path: "c.json", text: JSON.stringify({ locations }) } });

const ENTRY = {
  ...{ level: "structure", maxAge: "30d", budget: "2h30m", budgetBytes: "1GiB", readers: 1 },
  maxBytesPerSecond: 50_000_000,
};

test.each(["/srv/archive", "/srv/archive/", "/srv/./x/../archive"])(
  "what is set for a place is found by %s",
  (path) => {
    expect(toLocationSettings(toConfig({ "/srv/archive": ENTRY, "/srv/other": {} }), path)).toEqual({
      ...{ level: "structure", maxAgeMs: 2_592_000_000, budgetMs: 9_000_000, budgetBytes: 1_073_741_824, readers: 1 },
      maxBytesPerSecond: 50_000_000,
    });
  },
);

test("a relative path is the absolute one that it leads to", () => {
  const { readers } = toLocationSettings(toConfig({ "./archive": { readers: 3 } }), `${process.cwd()}/archive`);
  expect(readers).toBe(3);
});

test("where nothing is set, nothing is", () => {
  for (const config of [toConfig({ "/srv/archive": ENTRY }), toConfig(undefined)]) {
    expect(Object.values(toLocationSettings(config, "/srv/another"))).toEqual(Array(6).fill(undefined));
  }
});

test("two entries for one place are refused, for nobody knows which is meant", () => {
  const config = toConfig({ "/srv/archive": {}, "/srv/archive/": {} });
  expect(() => toLocationSettings(config, "/srv/archive")).toThrow(ConfigError);
});

test.each([
  [{ "/a": { maxAge: "30" } }, /c\.json: locations\.\/a\.maxAge: not a length of time/],
  [{ "/a": { budgetBytes: "1M" } }, /budgetBytes/],
  [{ "/a": { budgetBytes: -1 } }, /budgetBytes/],
  [{ "/a": { level: "closely" } }, /level/],
  [{ "/a": { readers: 0 } }, /readers/],
  [{ "/a": { heal: "vendor" } }, /heal/],
  [{ "": {} }, /locations/],
])("%j is refused", (locations, message) => {
  expect(() => toConfig(locations)).toThrow(message);
});
