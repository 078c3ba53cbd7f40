import { chmod, mkdir, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ArchivedFile } from "../../../../src/core/archived-file.ts";
import { isHoldfastError } from "../../../../src/core/errors.ts";
import { FolderHealSource } from "../../../../src/fixity/heal/folder-heal-source.ts";
import { flipBit, makeHealRig } from "../../../helpers/heal-rig.ts";

/** What a source offers: the origins, with what is wrong with those that cannot be read. */
async function offersOf(source: FolderHealSource, wanted: ArchivedFile): Promise<readonly string[]> {
  const offers: string[] = [];
  for await (const { origin, read } of source.candidates(wanted)) {
    try {
      for await (const _ of read());
      offers.push(origin);
    } catch (error) {
      if (!isHoldfastError(error)) throw error;
      offers.push(`${origin}: ${error.message}`);
    }
  }
  return offers;
}

test("the file under the same key comes first, then others with the same bytes in any place", async () => {
  const { copy, file, read } = await makeHealRig();
  const wanted = await file("original");
  const good = await read(wanted.key);
  await mkdir(join(copy, "elsewhere"));
  await writeFile(join(copy, "elsewhere", "a name\nof two lines.bin"), good);
  await writeFile(join(copy, "elsewhere", "flipped.mp3"), flipBit(good));
  await writeFile(join(copy, "elsewhere", "longer.mp3"), Buffer.concat([good, good]));
  const source = new FolderHealSource(copy);
  const offers = [join(copy, wanted.key), join(copy, "elsewhere", "a name\nof two lines.bin")];
  expect(await offersOf(source, wanted)).toEqual(offers);
  expect(await offersOf(source, wanted)).toEqual(offers);
});

test("a file under the same key is offered whatever its size, so that the reader can say what is wrong with it", async () => {
  const { copy, file } = await makeHealRig();
  const wanted = await file("original");
  await writeFile(join(copy, wanted.key), "short");
  expect(await offersOf(new FolderHealSource(copy), wanted)).toEqual([join(copy, wanted.key)]);
});

test("symbolic links are not followed", async () => {
  const { folder, copy, file } = await makeHealRig();
  const wanted = await file("original");
  await rename(join(copy, wanted.key), join(folder, "outside.mp3"));
  await symlink(join(folder, "outside.mp3"), join(copy, wanted.key));
  expect(await offersOf(new FolderHealSource(copy), wanted)).toEqual([]);
});

test("a file where the key needs a folder is told of", async () => {
  const { folder, file } = await makeHealRig();
  const wanted = await file("original");
  const odd = join(folder, "odd");
  await mkdir(odd);
  await writeFile(join(odd, "recordings"), "");
  expect(await offersOf(new FolderHealSource(odd), wanted)).toEqual([
    `${join(odd, wanted.key)}: ENOTDIR for ${join(odd, wanted.key)}`,
  ]);
});

test.skipIf(process.getuid?.() === 0)(
  "what cannot be looked at is told of (skipped for root, who may look at all)",
  async () => {
    const { copy, file } = await makeHealRig();
    const wanted = await file("original");
    await rename(join(copy, "recordings"), join(copy, "closed"));
    await chmod(join(copy, "closed"), 0o000);
    const [offer] = await offersOf(new FolderHealSource(copy), wanted);
    await chmod(join(copy, "closed"), 0o700);
    expect(offer).toBe(`${copy}: not all of it could be looked at (places left out: 1)`);
  },
);
