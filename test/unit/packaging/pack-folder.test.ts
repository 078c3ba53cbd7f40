import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, symlink, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { StagedFile } from "../../../src/io/staged-file.ts";
import { listContainer } from "../../../src/packaging/list-container.ts";
import { packFolder } from "../../../src/packaging/pack-folder.ts";
import { openTarWriter } from "../../../src/packaging/tar-writer.ts";
import { openZipWriter } from "../../../src/packaging/zip-writer.ts";
import { listTree } from "../../helpers/list-tree.ts";
import { packTo } from "../../helpers/pack-to.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const NAMES = [
  "bagit.txt",
  "README.txt",
  "data/empty",
  "data/=cmd|' !A0.csv",
  'data/"q" <b>&.txt',
  "data/two\nlines\r.txt",
  "data/þ\u0014 \u202egnp.txt",
  "data/日本 \u{1d11e} \ufb01.txt",
  // With the folder before it, one byte more than a header has room for in its first field.
  "r".repeat(96),
  `data/${"n".repeat(100)}`,
  `data/${"d".repeat(120)}/${"e".repeat(99)}`,
  `data/${"p".repeat(200)}/${"q".repeat(200)}/x`,
  `data/${"ü".repeat(120)}`,
] as const;

const toContent = (name: string) => (name.endsWith("empty") ? "" : name.repeat(37));

async function makeFolder(): Promise<string> {
  const folder = join(await makeTemporaryFolder(), "folder");
  for (const name of NAMES) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), toContent(name));
  }
  return folder;
}

/** What python makes of a container: names with the digests of what it has under them, in their order. */
const READ = {
  zip: `
import sys, zipfile, hashlib, json
z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None
print(json.dumps([[n, hashlib.sha256(z.read(n)).hexdigest()] for n in z.namelist()]))`,
  tar: `
import sys, tarfile, hashlib, json
t = tarfile.open(sys.argv[1])
print(json.dumps([[m.name, hashlib.sha256(t.extractfile(m).read()).hexdigest()] for m in t]))`,
};

const toSha256 = (text: string) => createHash("sha256").update(text).digest("hex");

const zone = process.env["TZ"];
afterEach(() => {
  if (zone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zone;
});

describe.each(["zip", "tar"] as const)("packFolder into %s", (form) => {
  it("keeps every name and byte, as other programs read them, bagit.txt first", async () => {
    const container = await packTo(join(await makeTemporaryFolder(), `o.${form}`), await makeFolder());
    const read = JSON.parse(execFileSync("python3", ["-c", READ[form], container]).toString()) as [string, string][];
    expect(read[0]?.[0]).toBe("CASE/bagit.txt");
    const expected = NAMES.map((name) => [`CASE/${name}`, toSha256(toContent(name))]);
    expect(new Map(read)).toEqual(new Map(expected as [string, string][]));
    const listed = (form === "zip" ? ["unzip", "-tq"] : ["tar", "-tvf"]) as [string, string];
    execFileSync(listed[0], [listed[1], container]);
  });

  it("gives the same bytes in every time zone, and times in UTC", async () => {
    const [folder, out] = [await makeFolder(), await makeTemporaryFolder()];
    const made: Buffer[] = [];
    // In Santiago half past two in the night of this day comes twice; in Tokyo it is another hour.
    for (const each of ["UTC", "Asia/Tokyo", "America/Santiago"]) {
      process.env["TZ"] = each;
      made.push(await readFile(await packTo(join(out, `${made.length}.${form}`), folder)));
    }
    expect(new Date(0).getTimezoneOffset()).not.toBe(0);
    expect(made.map((bytes) => bytes.equals(made[0] ?? bytes))).toEqual([true, true, true]);
    const listing = form === "zip" ? ["zipinfo", "-T"] : ["tar", "--utc", "-tvf"];
    const [program = "", ...args] = listing;
    const said = execFileSync(program, [...args, join(out, `0.${form}`)]).toString();
    expect(said).toMatch(form === "zip" ? /20260329\.023012/ : /2026-03-29 02:30/);
  });

  it("is listed as it was packed", async () => {
    const container = await packTo(join(await makeTemporaryFolder(), `o.${form}`), await makeFolder());
    const { rootName, files, notes } = await listContainer(container);
    const bytes = await readFile(container);
    const found = [...files.values()].map(({ path, startByte, endByte }) => [
      path,
      bytes.toString("utf8", startByte, endByte),
    ]);
    expect(rootName).toBe("CASE");
    expect(new Map(found as [string, string][])).toEqual(new Map(NAMES.map((name) => [name, toContent(name)])));
    expect(notes).toEqual([]);
  });

  it("tells the destination's error, and is not gone on with", async () => {
    const full = new Error("no room");
    const write = async () => {
      throw full;
    };
    const options = { rootName: "CASE", modifiedAtMs: 0, write };
    const writer = form === "zip" ? openZipWriter(options) : openTarWriter(options);
    await expect(writer.add("a", 1, () => once("a"))).rejects.toBe(full);
  });

  it("refuses bytes that are not those that were told of", async () => {
    const writer = (form === "zip" ? openZipWriter : openTarWriter)({
      rootName: "C",
      modifiedAtMs: 0,
      write: async () => {},
    });
    await expect(writer.add("a", 3, () => once("ab"))).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
    await expect(writer.add("a", 1, () => once("ab"))).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
  });

  it("takes no link for a file, and ends when it is told to", async () => {
    const [folder, out] = [await makeFolder(), await makeTemporaryFolder()];
    const signal = AbortSignal.abort(new Error("enough"));
    const into = new StagedFile(out, "container");
    const options = { form, into, rootName: "CASE", modifiedAtMs: 0 };
    await expect(packFolder(folder, { ...options, signal })).rejects.toThrow("enough");
    await symlink("/etc/passwd", join(folder, "data/link"));
    await expect(packFolder(folder, options)).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
    await into.discard();
    expect(await listTree(out)).toEqual([]);
  });
});

it("refuses in a zip file bytes that change between the two readings", async () => {
  const bytes = ["a", "b"];
  const writer = openZipWriter({ rootName: "C", modifiedAtMs: 0, write: async () => {} });
  await expect(writer.add("a", 1, () => once(bytes.shift() ?? ""))).rejects.toThrow("changed while it was packed");
});

describe("what does not fit 32 bits", () => {
  /** So large a file is written as a hole: only what is no zeros is kept. */
  async function writeLarge(form: "zip" | "tar", path: string, sizeBytes: number): Promise<void> {
    const ZEROS = Buffer.alloc(1 << 24);
    let at = 0;
    const pieces: { at: number; bytes: Buffer }[] = [];
    const write = async (chunk: Uint8Array) => {
      if (chunk.length < ZEROS.length) pieces.push({ at, bytes: Buffer.from(chunk) });
      at += chunk.length;
    };
    const writer = (form === "zip" ? openZipWriter : openTarWriter)({ rootName: "CASE", modifiedAtMs: 0, write });
    await writer.add("bagit.txt", 1, () => once("x"));
    await writer.add("large", sizeBytes, async function* () {
      for (let left = sizeBytes; left > 0; left -= ZEROS.length) yield ZEROS.subarray(0, Math.min(left, ZEROS.length));
    });
    await writer.add("last", 1, () => once("y"));
    await writer.end();
    const file = await import("node:fs/promises").then(({ open }) => open(path, "w"));
    for (const piece of pieces) await file.write(piece.bytes, 0, piece.bytes.length, piece.at);
    await file.close();
    await truncate(path, at);
  }

  it("is listed by others and by us: a zip file of more than 4 GiB", async () => {
    const path = join(await makeTemporaryFolder(), "o.zip");
    await writeLarge("zip", path, 2 ** 32 + 5);
    const script =
      "import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); print([i.file_size for i in z.infolist()], z.read('CASE/last'))";
    expect(execFileSync("python3", ["-c", script, path]).toString().trim()).toBe("[1, 4294967301, 1] b'y'");
    const { files, notes } = await listContainer(path);
    const { startByte = 0, endByte = 0 } = files.get("large") ?? {};
    expect([endByte - startByte, notes]).toEqual([2 ** 32 + 5, []]);
  });

  it("is listed by others and by us: a file of more than 8 GiB in a tar file", async () => {
    const path = join(await makeTemporaryFolder(), "o.tar");
    await writeLarge("tar", path, 2 ** 33 + 5);
    const script =
      "import sys,tarfile; t=tarfile.open(sys.argv[1]); print([m.size for m in t], t.extractfile('CASE/last').read())";
    expect(execFileSync("python3", ["-c", script, path]).toString().trim()).toBe("[1, 8589934597, 1] b'y'");
    expect(execFileSync("tar", ["-tvf", path]).toString()).toContain("8589934597");
    const { files, notes } = await listContainer(path);
    const { startByte = 0, endByte = 0 } = files.get("large") ?? {};
    expect([endByte - startByte, notes]).toEqual([2 ** 33 + 5, []]);
  });
});

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
