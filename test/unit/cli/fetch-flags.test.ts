import { describe, expect, test } from "vitest";
import yargs from "yargs";
import { addFetchFlags, type FetchFlags, toFetchFlags } from "../../../src/cli/fetch-flags.ts";

/** Reads flags as the command line does. */
function parse(...args: readonly string[]): FetchFlags {
  const parser = addFetchFlags(yargs([])).option("dry-run", { type: "boolean" }).exitProcess(false);
  const refuse = (message: string, error: Error) => {
    throw error ?? new Error(message);
  };
  return toFetchFlags(parser.fail(refuse).parseSync([...args]));
}

const refused = (text: string) => expect.objectContaining({ code: "USAGE", message: expect.stringContaining(text) });

test("without flags there are no bounds, no files and no wishes", () => {
  expect(parse()).toMatchObject({
    filter: { callId: undefined, sinceMs: undefined, untilMs: undefined },
    idsFile: undefined,
    eventsFile: undefined,
    speed: { perSecond: undefined, bytesPerSecond: undefined },
    limits: { maxFileSizeBytes: undefined, readsTwice: false },
    watch: false,
    listenPort: undefined,
    dryRun: false,
  });
});

test("what is named is taken", () => {
  const files = ["--ids", "ids.txt", "--events", "e.ndjson", "--call-id", "call_1", "--since", "2024-01-15"];
  expect(parse(...files, "--evidence", "two-reads")).toMatchObject({
    idsFile: "ids.txt",
    eventsFile: "e.ndjson",
    filter: { callId: "call_1", sinceMs: Date.parse("2024-01-15T00:00:00Z") },
    limits: { readsTwice: true },
  });
});

describe("--rate", () => {
  test.each([
    ["5/s", 5],
    ["5", 5],
    ["0.5/s", 0.5],
  ])("%s", (text, perSecond) => {
    expect(parse("--rate", text).speed).toEqual({ perSecond, bytesPerSecond: undefined });
  });

  test.each(["0", "-1/s", "fast", "5/m", "Infinity/s", "/s"])("%s is none", (text) => {
    expect(() => parse(`--rate=${text}`)).toThrow(refused("--rate"));
  });
});

describe("numbers of bytes", () => {
  test.each([
    ["1", 1],
    ["500k", 500_000],
    ["2M", 2_000_000],
    ["1.5G", 1_500_000_000],
    ["1.0005k", 1000],
  ])("%s", (text, bytes) => {
    expect(parse("--max-file-size", text).limits.maxFileSizeBytes).toBe(bytes);
    expect(parse("--max-bytes-per-second", text).speed.bytesPerSecond).toBe(bytes);
  });

  test.each(["0", "0.0001k", "-1", "1T", "1 k", "k", "1e3"])("%s is none", (text) => {
    expect(() => parse(`--max-file-size=${text}`)).toThrow(refused("--max-file-size"));
    expect(() => parse(`--max-bytes-per-second=${text}`)).toThrow(refused("--max-bytes-per-second"));
  });
});

describe("watching", () => {
  test("may receive webhooks", () => {
    expect(parse("--watch", "--listen", "0")).toMatchObject({ watch: true, listenPort: 0, pollSeconds: 60 });
  });

  test.each<[string, readonly string[]]>([
    ["--listen", ["--listen", "8080"]],
    ["--listen", ["--watch", "--listen", "1.5"]],
    ["--watch", ["--watch", "--dry-run"]],
    ["--poll", ["--poll", "60"]],
    ["--poll", ["--watch", "--poll", "0"]],
    ["--poll", ["--watch", "--poll", "86401"]],
  ])("%s is refused in %j", (flag, args) => {
    expect(() => parse(...args)).toThrow(refused(flag));
  });
});
