import { describe, expect, it } from "vitest";
import { toEpochMs, toGregorianSeconds } from "../../../../src/vendor/account/gregorian.ts";
import { planSaveWindows } from "../../../../src/vendor/account/save-windows.ts";

const DAY_MS = 86_400_000;
const NOW_MS = Date.parse("2024-03-10T12:00:00Z");
const at = (instant: string) => Date.parse(instant);

/** The windows as instants, which are easier to read. */
function plan(filter: Parameters<typeof planSaveWindows>[0]): string[] {
  return planSaveWindows(filter, NOW_MS).map(({ fromSeconds, toSeconds }) =>
    [fromSeconds, toSeconds].map((seconds) => new Date(toEpochMs(seconds)).toISOString().slice(0, 19)).join(" "),
  );
}

describe("planSaveWindows", () => {
  it("begins with the last 31 days when nothing is asked for", () => {
    expect(plan({})).toEqual(["2024-02-08T12:05:00 2024-03-10T12:05:00"]);
  });

  it("goes on for a day behind the end, but not into the future", () => {
    expect(plan({ sinceMs: at("2024-03-01T00:00:00.900Z"), untilMs: at("2024-03-02T00:00:00Z") })).toEqual([
      "2024-03-01T00:00:00 2024-03-03T00:00:00",
    ]);
    expect(plan({ sinceMs: at("2024-03-10T00:00:00Z"), untilMs: at("2024-03-11T00:00:00Z") })).toEqual([
      "2024-03-10T00:00:00 2024-03-10T12:05:00",
    ]);
  });

  it("cuts a longer time into windows that overlap", () => {
    expect(plan({ sinceMs: at("2024-01-01T00:00:00Z"), untilMs: at("2024-03-01T00:00:00Z") })).toEqual([
      "2024-01-01T00:00:00 2024-02-01T00:00:00",
      "2024-01-31T23:59:00 2024-03-02T00:00:00",
    ]);
  });

  it("makes no window wider than 31 days and leaves no second out, however long the time is", () => {
    const windows = planSaveWindows({ sinceMs: NOW_MS - 1000 * DAY_MS }, NOW_MS);
    expect(windows.length).toBe(33);
    for (const { fromSeconds, toSeconds } of windows) expect(toSeconds - fromSeconds).toBeLessThanOrEqual(31 * 86_400);
    for (const [index, { fromSeconds }] of windows.entries()) {
      expect(fromSeconds).toBeLessThan(windows[index - 1]?.toSeconds ?? Number.POSITIVE_INFINITY);
    }
    expect(windows[0]?.fromSeconds).toBe(toGregorianSeconds(NOW_MS - 1000 * DAY_MS));
    expect(windows.at(-1)?.toSeconds).toBe(toGregorianSeconds(NOW_MS) + 300);
  });

  it.each([
    ["in the future", { sinceMs: NOW_MS + DAY_MS }],
    ["older than the last 31 days", { untilMs: NOW_MS - 40 * DAY_MS }],
  ])("asks for nothing when all is %s", (_what, filter) => {
    expect(plan(filter)).toEqual([]);
  });
});

it("Gregorian seconds count from the year 0", () => {
  expect(toGregorianSeconds(0)).toBe(62_167_219_200);
  expect(toGregorianSeconds(at("2024-01-15T10:30:05.999Z"))).toBe(63_872_533_805);
  expect(toEpochMs(63_872_533_805)).toBe(at("2024-01-15T10:30:05Z"));
});
