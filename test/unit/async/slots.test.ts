import { setImmediate as tick } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Release, Slots } from "../../../src/async/slots.ts";

test("no more are taken than there are, and who waited first goes first", async () => {
  const slots = new Slots(2);
  const taken: string[] = [];
  const take = async (name: string): Promise<Release> => {
    const release = await slots.take();
    taken.push(name);
    return release;
  };
  const [a, , c] = ["a", "b", "c", "d"].map(take);
  await tick();
  expect(taken).toEqual(["a", "b"]);
  (await a)?.();
  await tick();
  expect(taken).toEqual(["a", "b", "c"]);
  (await c)?.();
  await tick();
  expect(taken).toEqual(["a", "b", "c", "d"]);
});
