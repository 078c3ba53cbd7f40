import { appendFile, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { appendToAnchor, loadAnchor } from "../../../src/ledger/anchor-file.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { makeTestLedger, toEvents } from "./test-ledger.ts";

async function makeAnchor(runs: number): Promise<string> {
  const path = join(await makeTemporaryFolder(), "anchor");
  const rig = await makeTestLedger();
  for (let run = 0; run < runs; run += 1) {
    await rig.run(toEvents(2));
    const ledger = await rig.open();
    await appendToAnchor(path, ledger);
    await appendToAnchor(path, ledger);
    await ledger.close();
  }
  return path;
}

test("keeps every checkpoint once, one behind the other, also of several archives", async () => {
  const path = await makeAnchor(3);
  await appendFile(path, await readFile(await makeAnchor(1)));
  const anchored = await loadAnchor(path);
  expect(anchored.map(({ size }) => size)).toEqual([3, 5, 7, 3]);
  expect(anchored.map(({ where }) => where)).toEqual([1, 7, 13, 19].map((line) => `${path}, line ${line}`));
  expect(anchored.map(({ note }) => `${note}\n`).join("")).toBe(await readFile(path, "utf8"));
  expect(((await stat(path)).mode & 0o777).toString(8)).toBe("600");
});

test("needs no empty line between notes, and takes several", async () => {
  const path = await makeAnchor(2);
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replace(/\n\n(?!—)/g, "\n"));
  expect(await loadAnchor(path)).toHaveLength(2);
  await writeFile(path, `\n\n${text.replace(/\n\n(?!—)/g, "\n\n\n")}`);
  expect(await loadAnchor(path)).toHaveLength(2);
});

test("a note that is torn at any byte is told with its line, and nothing is appended to it", async () => {
  const path = await makeAnchor(2);
  const bytes = await readFile(path);
  const first = bytes.indexOf("\n\nholdfast") + 2;
  for (let end = first + 1; end < bytes.length - 1; end += 1) {
    await writeFile(path, bytes.subarray(0, end));
    await expect(loadAnchor(path)).rejects.toMatchObject({
      code: "ANCHOR_INVALID",
      message: expect.stringMatching(/line 7 of/),
    });
  }
});

test("garbage is told with its line", async () => {
  const path = await makeAnchor(1);
  await appendFile(path, "garbage\n");
  await expect(loadAnchor(path)).rejects.toMatchObject({
    code: "ANCHOR_INVALID",
    message: expect.stringMatching(/line 7 of/),
  });
  await writeFile(path, "");
  expect(await loadAnchor(path)).toEqual([]);
});
