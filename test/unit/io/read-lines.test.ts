import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { NotFoundError } from "../../../src/io/errors.ts";
import { readLines } from "../../../src/io/read-lines.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

async function linesOf(content: string | Buffer): Promise<readonly string[]> {
  const path = join(await makeTemporaryFolder(), "lines");
  await writeFile(path, content);
  const lines: string[] = [];
  for await (const line of readLines(path)) lines.push(line);
  return lines;
}

test.each([
  ["", []],
  ["a", ["a"]],
  ["a\n", ["a"]],
  ["a\nb", ["a", "b"]],
  ["a\r\nb\r\n", ["a", "b"]],
  ["\n\na\n", ["", "", "a"]],
  ["a\r", ["a"]],
] as const)("%j", async (text, lines) => {
  expect(await linesOf(text)).toEqual(lines);
});

test("a letter of several bytes across two readings stays one", async () => {
  // Readings are 1 MiB long: the two bytes of é lie on both sides of the first border.
  const head = "x".repeat((1 << 20) - 1);
  expect(await linesOf(`${head}é\nend`)).toEqual([`${head}é`, "end"]);
});

test("bytes that are no UTF-8 are replaced and stop nothing", async () => {
  expect(await linesOf(Buffer.from([0x61, 0xff, 0x0a, 0x62]))).toEqual(["a\ufffd", "b"]);
});

test("a file that is not there", async () => {
  const path = join(await makeTemporaryFolder(), "none");
  await expect(readLines(path).next()).rejects.toThrow(NotFoundError);
});
