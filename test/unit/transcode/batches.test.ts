import { expect, test } from "vitest";
import { toBatches, type Workload } from "../../../src/transcode/batches.ts";
import type { Encoding } from "../../../src/transcode/convert-job.ts";

/** What a source to be encoded is to who batches: how long it is, how many outputs it has, whether something is wrong. */
function toEncoding(durationSeconds: number, { outputs = 1, defects = 0 } = {}): Encoding {
  const structure = { durationSeconds, defects: Array.from({ length: defects }, () => ({})) };
  const source = { structure };
  return { source, outputs: Array.from({ length: outputs }, () => ({})) } as unknown as Encoding;
}

async function batch(encodings: readonly Encoding[], workload: Partial<Workload> = {}): Promise<readonly Encoding[][]> {
  let left = encodings.reduce((sum, encoding) => sum + secondsOf(encoding), 0);
  const coming = (async function* () {
    for (const encoding of encodings) {
      left -= secondsOf(encoding);
      yield encoding;
    }
  })();
  const batches: Encoding[][] = [];
  for await (const one of toBatches(coming, { slots: 2, remainingSeconds: () => left, ...workload })) {
    batches.push([...one]);
  }
  return batches;
}

const secondsOf = ({ source, outputs }: Encoding) => source.structure.durationSeconds * outputs.length;
const lengths = (batches: readonly Encoding[][]) => batches.map((one) => one.length);
const same = (count: number, seconds: number) => Array.from({ length: count }, () => toEncoding(seconds));

test("of nothing come no batches", async () => {
  expect(await batch([])).toEqual([]);
});

test("nothing is lost, nothing comes twice, and the order is kept", async () => {
  const encodings = Array.from({ length: 97 }, (_, at) =>
    toEncoding((at * 37) % 50, { defects: at % 11 === 0 ? 1 : 0 }),
  );
  const isWhole = ({ source }: Encoding) => source.structure.defects.length === 0;
  const flat = (await batch(encodings)).flat();
  expect(new Set(flat).size).toBe(97);
  // What goes alone may overtake the batch that is being filled.
  expect(flat.filter(isWhole)).toEqual(encodings.filter(isWhole));
});

test("as many sources as files that may be open: 16 at most", async () => {
  expect(lengths(await batch(same(40, 0.5), { remainingSeconds: () => 1e6 }))).toEqual([16, 16, 8]);
});

test("beyond four minutes of output nothing is put together", async () => {
  expect(lengths(await batch(same(4, 240), { remainingSeconds: () => 1e6 }))).toEqual([1, 1, 1, 1]);
  expect(lengths(await batch(same(4, 120), { remainingSeconds: () => 1e6 }))).toEqual([2, 2]);
});

test("each output counts as much as another source", async () => {
  const encodings = Array.from({ length: 4 }, () => toEncoding(60, { outputs: 2 }));
  expect(lengths(await batch(encodings, { remainingSeconds: () => 1e6 }))).toEqual([2, 2]);
});

test("batches grow smaller towards the end, and for more slots, but not below 20 seconds", async () => {
  const seconds = (batches: readonly Encoding[][]) => batches.map((one) => one.length * 5);
  const forTwo = seconds(await batch(same(64, 5)));
  expect(forTwo.slice(0, 3)).toEqual([80, 60, 45]);
  expect(forTwo).toEqual(forTwo.toSorted((a, b) => b - a));
  expect(forTwo.slice(0, -1).every((length) => length >= 20)).toBe(true);
  expect(seconds(await batch(same(64, 5), { slots: 8 })).slice(0, 3)).toEqual([20, 20, 20]);
});

test("a source with defects goes alone", async () => {
  const [first, damaged, last] = [toEncoding(1), toEncoding(1, { defects: 1 }), toEncoding(1)];
  expect(await batch([first, damaged, last])).toEqual([[damaged], [first, last]]);
});
