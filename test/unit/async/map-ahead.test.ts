import { setImmediate as tick } from "node:timers/promises";
import { expect, test } from "vitest";
import { mapAhead } from "../../../src/async/map-ahead.ts";

const ITEMS = Array.from({ length: 20 }, (_, index) => index);

test("results come in the order of the items, however long each takes", async () => {
  const results: number[] = [];
  const map = async (item: number) => {
    for (let turns = (item * 7) % 5; turns > 0; turns -= 1) await tick();
    return item * 2;
  };
  for await (const result of mapAhead(ITEMS, map, 4)) results.push(result);
  expect(results).toEqual(ITEMS.map((item) => item * 2));
});

test("as many are under way as was said, and no more than those before they are asked for", async () => {
  const begun: number[] = [];
  const mapped = mapAhead(
    ITEMS,
    async (item) => {
      begun.push(item);
      return item;
    },
    4,
  );
  await tick();
  expect(begun).toEqual([]);
  await mapped.next();
  await tick();
  expect(begun).toEqual([0, 1, 2, 3]);
  await mapped.next();
  await tick();
  expect(begun).toEqual([0, 1, 2, 3, 4]);
});

test("fewer items than that, and none at all", async () => {
  const gather = async (count: number) => {
    const results: number[] = [];
    for await (const result of mapAhead(ITEMS.slice(0, count), async (item) => item, 4)) results.push(result);
    return results;
  };
  expect(await gather(3)).toEqual([0, 1, 2]);
  expect(await gather(0)).toEqual([]);
});
