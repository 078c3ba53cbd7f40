import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { NothingToDoError } from "../../../../src/core/errors.ts";
import { openListHolding } from "../../../../src/fixity/holdings/list-holding.ts";
import { NotFoundError, StorageUnavailableError } from "../../../../src/io/errors.ts";
import { listExpected, listStrays, toKinds } from "../../../helpers/holding-view.ts";
import { makeTemporaryFolder } from "../../../helpers/temporary-folder.ts";

const SHA256 = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
const MD5 = "9dd4e461268c8034f5c8564e155c67a6";

let folder: string;

beforeEach(async () => {
  folder = await makeTemporaryFolder();
});

async function write(name: string, content = "x"): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

function writeList(...lines: readonly string[]): Promise<string> {
  return write("LIST", `${lines.join("\n")}\n`);
}

describe("a list of checksums", () => {
  it("expects each file below its own folder, with all digests that it names", async () => {
    const list = await writeList(`${SHA256}  a`, `MD5 (./sub//b) = ${MD5}`, `${MD5}  a`);
    const holding = await openListHolding(list);
    expect(await listExpected(holding)).toEqual([
      {
        path: join(folder, "a"),
        sizeBytes: undefined,
        digests: [
          { algorithm: "sha256", hex: SHA256 },
          { algorithm: "md5", hex: MD5 },
        ],
      },
      { path: join(folder, "sub/b"), sizeBytes: undefined, digests: [{ algorithm: "md5", hex: MD5 }] },
    ]);
    expect(holding).toMatchObject({ findings: [], remarks: [], planned: { files: 2, bytes: undefined } });
    expect(holding.strays).toBeUndefined();
  });

  it("tells how many bytes there must be where all lines do", async () => {
    const list = await writeList("%%%% HASHDEEP-1.0", "%%%% size,md5,filename", `3,${MD5},a`, `4,${MD5},${folder}/b`);
    const holding = await openListHolding(list);
    expect(holding).toMatchObject({ findings: [], planned: { files: 2, bytes: 7 } });
    expect((await listExpected(holding)).map(({ path }) => path)).toEqual([join(folder, "a"), join(folder, "b")]);
  });

  it.each(["../a", "sub/../../a", "/etc/hostname", "..", "."])(
    "never reads %s, which leads out of its folder",
    async (path) => {
      const holding = await openListHolding(await writeList(`${SHA256}  ${path}`, `${SHA256}  sub/../a`));
      expect((await listExpected(holding)).map((file) => file.path)).toEqual([join(folder, "a")]);
      expect(toKinds(holding)).toEqual([["unsafe-path", path]]);
    },
  );

  it("tells of lines that cannot be read, and of those that contradict each other", async () => {
    const list = await writeList(`${SHA256}  a`, "rubbish", `${SHA256.replace("2", "3")}  ./a`);
    const holding = await openListHolding(list);
    expect(toKinds(holding)).toEqual([
      ["manifest-invalid", list],
      ["manifest-invalid", join(folder, "a")],
    ]);
    expect(holding.findings.map(({ message }) => message).join("\n")).toMatch(/line 2 .*\n.*lines 1 and 3/);
    expect((await listExpected(holding)).map(({ digests }) => digests.length)).toEqual([2]);
  });

  it("does not look at files whose digests cannot be computed, and says so", async () => {
    const holding = await openListHolding(await writeList(`BLAKE2b (a) = ${SHA256}`, `${SHA256}  b`));
    expect((await listExpected(holding)).map(({ path }) => path)).toEqual([join(folder, "b")]);
    expect(holding.findings).toMatchObject([
      { kind: "checksum-unverifiable", message: expect.stringContaining("BLAKE2b"), detail: { found: 1 } },
    ]);
  });

  it("only remarks on such digests where the same file has others", async () => {
    const holding = await openListHolding(await writeList(`BLAKE2b (a) = ${SHA256}`, `${SHA256}  a`, `${SHA256}  a`));
    expect(holding.findings).toEqual([]);
    expect(holding.remarks).toEqual([expect.stringContaining("BLAKE2b"), expect.stringContaining("1 of its lines")]);
  });

  it("is nothing to verify when it names no file", async () => {
    await expect(openListHolding(await writeList("# nothing", "rubbish"))).rejects.toThrow(NothingToDoError);
  });

  it("must be a file that is there", async () => {
    await expect(openListHolding(join(folder, "LIST"))).rejects.toThrow(NotFoundError);
    await expect(openListHolding(folder)).rejects.toThrow(StorageUnavailableError);
  });
});

describe("a list of a folder", () => {
  it("knows all that it does not name, however it spells what it names", async () => {
    for (const name of ["a", "sub/b", "sub/.hidden", "c"]) await write(name);
    await symlink("a", join(folder, "link"));
    const list = await writeList(`${SHA256}  ./a`, `${SHA256}  sub/../c`, `BLAKE2b (sub/b) = ${SHA256}`);
    const holding = await openListHolding(list, { root: folder });
    expect(await listStrays(holding)).toEqual([
      { path: join(folder, "link"), isRegular: false },
      { path: join(folder, "sub/.hidden"), isRegular: true },
    ]);
  });

  it("may lie elsewhere, and its paths begin at the folder", async () => {
    const list = await writeList(`${SHA256}  b`);
    await write("sub/b");
    await write("sub/c");
    const holding = await openListHolding(list, { root: join(folder, "sub/") });
    expect((await listExpected(holding)).map(({ path }) => path)).toEqual([join(folder, "sub/b")]);
    expect(await listStrays(holding)).toEqual([{ path: join(folder, "sub/c"), isRegular: true }]);
  });

  it("names other records that stand there, which are no strays", async () => {
    const list = await write("SHA256SUMS", `${SHA256}  a\n`);
    await write("MD5SUMS");
    const holding = await openListHolding(list, { root: folder });
    expect(await listStrays(holding)).toEqual([]);
    expect(holding.remarks).toEqual([
      "no holdfast-seal.json stands beside SHA256SUMS: it alone says what must be there",
      "also there, and not looked into: MD5SUMS",
    ]);
  });

  it("cannot be reached when the folder is empty, as the place of a disk that is not mounted is", async () => {
    const list = await writeList(`${SHA256}  b`);
    const root = join(folder, "sub");
    await mkdir(root);
    const holding = await openListHolding(list, { root });
    expect(await holding.isReachable()).toBe(false);
    await write("sub/other");
    expect(await holding.isReachable()).toBe(true);
    await rm(list);
    expect(await holding.isReachable()).toBe(false);
  });
});
