import { mkdir, rm, symlink } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { openBagHolding } from "../../../../src/fixity/holdings/bag-holding.ts";
import { joinHoldings } from "../../../../src/fixity/holdings/joined-holding.ts";
import { bag, bagWithManifest, line, withoutFiles } from "../../../bags/bag-files.ts";
import { judgeBag, judgeHolding } from "../../../bags/judge-bag.ts";
import { writeBag } from "../../../bags/write-bag.ts";
import { makeTemporaryFolder } from "../../../helpers/temporary-folder.ts";

const WRONG_OXUM = bag({ tags: { "bag-info.txt": "Payload-Oxum: 999.2\n" } });

async function toArray<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe("openBagHolding", () => {
  it("compares the Payload-Oxum at level presence, too", async () => {
    const folder = await writeBag({ files: WRONG_OXUM });
    const { findings } = await judgeBag(folder, "presence");
    expect(findings).toEqual([
      {
        kind: "size-mismatch",
        subject: `${folder}/bag-info.txt`,
        message: "its Payload-Oxum is 999.2, and the payload has 26 bytes in 2 files",
        detail: { expected: "999.2", found: "26.2" },
      },
    ]);
  });

  it("compares the Payload-Oxum of each of several bags", async () => {
    const folders = [await writeBag({ files: WRONG_OXUM }), await writeBag({ files: WRONG_OXUM })];
    const joined = await joinHoldings(await Promise.all(folders.map((folder) => openBagHolding(folder))));
    const { findings } = await judgeHolding(joined, "digest");
    expect(findings.map(({ subject }) => subject)).toEqual(folders.map((folder) => `${folder}/bag-info.txt`));
  });

  it("says of a missing file that it must be fetched first, and does not compare the rest with the whole", async () => {
    const tags = { "bag-info.txt": "Payload-Oxum: 26.2\n", "fetch.txt": "https://example.org/ 13 data/call.txt\n" };
    const folder = await writeBag({ files: withoutFiles(bag({ tags }), "data/call.txt") });
    const { findings, remarks } = await judgeBag(folder);
    expect(findings).toMatchObject([
      {
        kind: "missing",
        subject: `${folder}/data/call.txt`,
        message: expect.stringContaining("must be fetched first"),
      },
    ]);
    expect(remarks.join("\n")).toContain("fetch.txt: a file that it lists must be fetched first");
  });

  it("gives one unit for each file, with the digests of all manifests", async () => {
    const files = bag({ payload: { "data/a.txt": "1" }, algorithms: ["md5", "sha512"] });
    const folder = await writeBag({ files });
    const holding = await openBagHolding(`${folder}/`);
    const units = await toArray(holding.units());
    expect(units.map(({ subject }) => subject.slice(folder.length)).sort()).toEqual([
      "/bagit.txt",
      "/data/a.txt",
      "/manifest-md5.txt",
      "/manifest-sha512.txt",
    ]);
    expect(units.find(({ subject }) => subject.endsWith("a.txt"))?.files[0]?.digests).toHaveLength(2);
    expect(holding.planned).toEqual({ files: 4, bytes: undefined });
  });

  it("gives no unit for what lies outside, so that nobody looks at it", async () => {
    const outside = await makeTemporaryFolder();
    const manifest = ["data/link/a", `${outside}/a`, "../a", "data/a"]
      .map((path) => line("sha512", "1", path))
      .join("");
    const folder = await writeBag({
      files: bagWithManifest(manifest, { payload: { "data/a": "1" } }),
      arrange: (at) => symlink(outside, `${at}/data/link`),
    });
    const units = await toArray((await openBagHolding(folder)).units());
    expect(units.map(({ subject }) => subject)).toEqual([`${folder}/data/a`]);
  });

  it("is reachable as long as its declaration is there", async () => {
    const folder = await writeBag({ files: bag() });
    const holding = await openBagHolding(folder);
    expect(await holding.isReachable()).toBe(true);
    await rm(`${folder}/bagit.txt`);
    expect(await holding.isReachable()).toBe(false);
  });

  it("is no error when there is nothing in it", async () => {
    const folder = await writeBag({
      files: bag({ payload: {}, tagAlgorithms: [] }),
      arrange: async (at) => void (await mkdir(`${at}/data`)),
    });
    expect(await judgeBag(folder)).toMatchObject({ findings: [], files: 0 });
  });

  it("throws when there is no such folder", async () => {
    await expect(openBagHolding(`${await makeTemporaryFolder()}/none`)).rejects.toMatchObject({
      code: "STORAGE_NOT_FOUND",
    });
  });
});
