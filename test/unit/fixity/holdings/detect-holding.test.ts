import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { NoRecordError } from "../../../../src/fixity/errors.ts";
import { detectHolding } from "../../../../src/fixity/holdings/detect-holding.ts";
import { NotFoundError } from "../../../../src/io/errors.ts";
import { makeTemporaryFolder } from "../../../helpers/temporary-folder.ts";

const LINE = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881  a.wav\n";

let folder: string;
const at = (name: string) => join(folder, name);

beforeEach(async () => {
  folder = await makeTemporaryFolder();
});

async function write(...names: readonly string[]): Promise<void> {
  for (const name of names) await writeFile(at(name), LINE);
}

describe("a folder", () => {
  it("is what the record in it says, a seal before all others", async () => {
    await write("MD5SUMS", "hashdeep.txt");
    expect(await detectHolding(folder)).toEqual({ kind: "list", listPath: at("MD5SUMS"), root: folder });
    await write("SHA256SUMS");
    expect(await detectHolding(folder)).toEqual({ kind: "list", listPath: at("SHA256SUMS"), root: folder });
    await write("holdfast.json");
    expect(await detectHolding(folder)).toEqual({ kind: "archive", folder });
    await write("bagit.txt");
    expect(await detectHolding(folder)).toEqual({ kind: "bag", path: folder });
    await write("holdfast-seal.json");
    expect(await detectHolding(folder)).toEqual({ kind: "seal", folder });
  });

  it("may be named by a link", async () => {
    await mkdir(at("real"));
    await write("real/SHA1SUMS");
    await symlink("real", at("link"));
    expect(await detectHolding(at("link"))).toEqual({ kind: "list", listPath: at("link/SHA1SUMS"), root: at("link") });
  });

  it("cannot be verified when nothing in it says what must be there", async () => {
    await write("a.wav");
    const error = await detectHolding(folder).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NoRecordError);
    expect(error).toMatchObject({ hint: expect.stringContaining("holdfast seal") });
  });
});

describe("a file", () => {
  it.each([
    ["lines of checksums", LINE],
    ["such lines behind a comment and a byte order mark", `\ufeff# of January\n\n${LINE}`],
    [
      "signed lines",
      `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n${LINE.repeat(9)}-----BEGIN PGP SIGNATURE-----\n`,
    ],
    ["more lines than are looked at", LINE.repeat(2000)],
    ["hashdeep's form", "%%%% HASHDEEP-1.0\n%%%% size,md5,filename\n1,9dd4e461268c8034f5c8564e155c67a6,a\n"],
  ])("is a list when it holds %s", async (_, text) => {
    await writeFile(at("file"), text);
    expect(await detectHolding(at("file"))).toEqual({ kind: "list", listPath: at("file"), root: undefined });
  });

  it.each([
    ["audio", Buffer.from("RIFF\x24\0\0\0WAVEfmt ")],
    ["words", "Dear reader,\nthe checksum is below.\n"],
    ["nothing", ""],
  ])("is a single file when it holds %s", async (_, content) => {
    await writeFile(at("file"), content);
    expect(await detectHolding(at("file"))).toEqual({ kind: "file", path: at("file") });
  });

  it("stands for its folder when it is a seal", async () => {
    await write("holdfast-seal.json");
    expect(await detectHolding(at("holdfast-seal.json"))).toEqual({ kind: "seal", folder });
  });

  it("must be there", async () => {
    await expect(detectHolding(at("none"))).rejects.toThrow(NotFoundError);
  });
});
