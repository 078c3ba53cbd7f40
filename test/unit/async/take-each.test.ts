import { expect, test } from "vitest";
import { takeEach } from "../../../src/async/take-each.ts";

test("items come in order, and none that has come is kept", () => {
  const [first, second, third] = [{ id: 1 }, { id: 2 }, { id: 3 }];
  const items = [first, second, third];
  const taking = takeEach(items);
  expect(taking.next().value).toBe(first);
  expect(items).not.toContain(first);
  expect([...taking]).toEqual([second, third]);
  expect(items).toEqual([]);
});
