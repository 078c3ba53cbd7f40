import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ByteSpan, readFileChunks } from "../../../src/io/read-file.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

/** More than two buffers, no byte at the place of another. */
const BYTES = Buffer.from(Uint32Array.from({ length: 600_000 }, (_, at) => at).buffer);

async function read(span?: ByteSpan): Promise<Buffer> {
  const path = join(await makeTemporaryFolder(), "file");
  await writeFile(path, BYTES);
  const chunks: Buffer[] = [];
  for await (const chunk of readFileChunks(path, undefined, span)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

test("a file is read from start to end", async () => {
  expect((await read()).equals(BYTES)).toBe(true);
});

describe("a part of it is read, and no byte more", () => {
  test.each([
    [0, 10],
    [1, 2],
    [7, 1_500_007],
    [1 << 20, 1 << 21],
    [(1 << 20) - 1, (1 << 20) + 1],
    [2_000_000, Number.POSITIVE_INFINITY],
    [100, 100],
    [3_000_000, 3_000_001],
  ])("from %d to before %d", async (startByte, endByte) => {
    expect((await read({ startByte, endByte })).equals(BYTES.subarray(startByte, endByte))).toBe(true);
  });
});

test("what is not there, and what cannot be read, is told as such", async () => {
  const folder = await makeTemporaryFolder();
  const readAll = async (path: string, signal?: AbortSignal) => {
    for await (const _ of readFileChunks(path, signal));
  };
  await expect(readAll(join(folder, "none"))).rejects.toMatchObject({ code: "STORAGE_NOT_FOUND" });
  await expect(readAll(folder)).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
  await writeFile(join(folder, "file"), "x");
  const signal = AbortSignal.abort(new RangeError("enough"));
  await expect(readAll(join(folder, "file"), signal)).rejects.toThrow("enough");
});
