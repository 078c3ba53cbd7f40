import { setTimeout as sleep, setImmediate as tick } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Grouped, type GroupOutcome } from "../../../src/async/grouped.ts";

/** Work that goes on until it is told to, and tells what it was given. */
function openGrouped(end: (items: readonly string[]) => readonly GroupOutcome[], maxItems = 10) {
  const groups: (readonly string[])[] = [];
  const gates: (() => void)[] = [];
  const work = async (items: readonly string[]) => {
    groups.push(items);
    await new Promise<void>((resolve) => gates.push(resolve));
    return end(items);
  };
  const untilWorking = async () => {
    while (gates.length === 0) await sleep(1);
  };
  /** Ends the group that is worked on, or the next one to come. */
  const finishOne = async () => {
    await untilWorking();
    gates.shift()?.();
    await tick();
  };
  return { grouped: new Grouped<string>(work, { maxItems, lingerMs: 5 }), groups, untilWorking, finishOne };
}

const allWell = (items: readonly string[]) => items.map(() => undefined);

test("what comes together is one group, and what comes while it is worked on is the next, in its order", async () => {
  const { grouped, groups, untilWorking, finishOne } = openGrouped(allWell);
  const added = ["a", "b"].map((item) => grouped.add(item));
  await untilWorking();
  added.push(...["c", "d", "e"].map((item) => grouped.add(item)));
  expect(groups).toEqual([["a", "b"]]);
  await finishOne();
  await Promise.all(added.slice(0, 2));
  await finishOne();
  await Promise.all(added);
  expect(groups).toEqual([
    ["a", "b"],
    ["c", "d", "e"],
  ]);
});

test("it begins anew after a time without work", async () => {
  const { grouped, groups, finishOne } = openGrouped(allWell);
  for (const item of ["a", "b"]) {
    const added = grouped.add(item);
    await finishOne();
    await added;
  }
  expect(groups).toEqual([["a"], ["b"]]);
});

test("no group is larger than it may be", async () => {
  const { grouped, groups, finishOne } = openGrouped(allWell, 2);
  const added = ["a", "b", "c", "d", "e"].map((item) => grouped.add(item));
  for (let group = 0; group < 3; group += 1) await finishOne();
  await Promise.all(added);
  expect(groups).toEqual([["a", "b"], ["c", "d"], ["e"]]);
});

describe("what goes wrong", () => {
  /** Adds an item and gives what is said of it. */
  const outcomeOf = (grouped: Grouped<string>, item: string) =>
    grouped.add(item).then(
      () => "well",
      (error: Error) => error.message,
    );

  test("with one item concerns that item alone", async () => {
    const { grouped, finishOne } = openGrouped((items) =>
      items.map((item) => (item === "c" ? { error: new Error("no c") } : undefined)),
    );
    const added = ["a", "b", "c", "d"].map((item) => outcomeOf(grouped, item));
    await finishOne();
    expect(await Promise.all(added)).toEqual(["well", "well", "no c", "well"]);
  });

  test("with the work concerns its whole group and no other", async () => {
    const { grouped, untilWorking, finishOne } = openGrouped((items) => {
      if (items.includes("b")) throw new Error("disk gone");
      return allWell(items);
    });
    const added = ["a", "b", "c"].map((item) => outcomeOf(grouped, item));
    await untilWorking();
    added.push(outcomeOf(grouped, "d"));
    await finishOne();
    await finishOne();
    expect(await Promise.all(added)).toEqual(["disk gone", "disk gone", "disk gone", "well"]);
  });
});
