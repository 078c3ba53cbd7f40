import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Spool } from "../../../src/io/spool.ts";

interface Thing {
  readonly number: number;
  readonly name: string;
}

function fill(count: number, heldItems: number): Spool<Thing> {
  const spool = new Spool<Thing>({ heldItems });
  for (let number = 0; number < count; number += 1) spool.push({ number, name: `é\n${"x".repeat(number % 50)}` });
  return spool;
}

const toNumbers = (count: number) => Array.from({ length: count }, (_, number) => number);

// Blocks of a thousand: before the first, at its end, behind it, several.
test.each([0, 1, 10, 11, 1009, 1010, 1011, 2010, 5555])(
  "%i things come back in their order, again and again",
  (count) => {
    const spool = fill(count, 10);
    expect(spool.length).toBe(count);
    for (const _ of [1, 2]) expect([...spool].map(({ number }) => number)).toEqual(toNumbers(count));
    expect([...spool].at(-1)).toEqual(count === 0 ? undefined : [...fill(count, count)].at(-1));
    spool.close();
  },
);

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("the file", () => {
  test("that cannot be made is a failure of the storage, when it is needed", () => {
    vi.stubEnv("TMPDIR", "/nonexistent/folder");
    expect(() => fill(1009, 10)).not.toThrow();
    expect(() => fill(1010, 10)).toThrow(expect.objectContaining({ code: "STORAGE_NOT_FOUND" }));
  });

  test("is not begun before it is needed, and has no name when it is", async () => {
    const list = async () => (await readdir(tmpdir())).filter((name) => name.startsWith("holdfast-spool."));
    const before = await list();
    const spool = fill(5000, 10);
    expect(await list()).toEqual(before);
    spool.close();
    spool.close();
  });

  test("lets two go through it at a time, and one leave early", () => {
    const spool = fill(3000, 10);
    const [first, second] = [spool[Symbol.iterator](), spool[Symbol.iterator]()];
    const pairs = toNumbers(3000).map(() => [first.next().value?.number, second.next().value?.number]);
    expect(pairs).toEqual(toNumbers(3000).map((number) => [number, number]));
    for (const { number } of spool) if (number === 1500) break;
    expect([...spool]).toHaveLength(3000);
    spool.close();
  });

  test("takes more behind what was gone through", () => {
    const spool = fill(1500, 10);
    expect([...spool]).toHaveLength(1500);
    for (const number of toNumbers(1000)) spool.push({ number, name: "" });
    expect([...spool].map(({ number }) => number)).toEqual([...toNumbers(1500), ...toNumbers(1000)]);
    spool.close();
  });
});
