import { execFileSync } from "node:child_process";
import { appendFile, mkdir, readFile, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import { holdsBag, listContainer } from "../../../src/packaging/list-container.ts";
import { toPaxRecords } from "../../../src/packaging/pax-records.ts";
import { toPaddingBytes, toTarHeader } from "../../../src/packaging/tar-header.ts";
import { toCentralHeader, toLocalHeader, toZipEnd, type ZipRecord } from "../../../src/packaging/zip-record.ts";
import { openZipWriter } from "../../../src/packaging/zip-writer.ts";
import { packTo } from "../../helpers/pack-to.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

let folder: string;
const at = (name: string) => join(folder, name);

beforeEach(async () => {
  folder = await makeTemporaryFolder();
});

/** A file of a zip file that is made by hand, and what its headers say otherwise. */
interface Made {
  readonly name: string;
  readonly content?: string;
  readonly local?: Partial<ZipRecord>;
  readonly central?: Partial<ZipRecord>;
}

async function makeZip(files: readonly Made[], { entries = files.length, behind = "" } = {}): Promise<string> {
  const [body, directory]: Buffer[][] = [[], []];
  let startByte = 0;
  for (const { name, content = "", local, central } of files) {
    const bytes = Buffer.from(content);
    const record = { name, sizeBytes: bytes.length, crc32: crc32(bytes), modifiedAtMs: 0, startByte };
    const header = toLocalHeader({ ...record, ...local });
    body?.push(header, bytes);
    directory?.push(toCentralHeader({ ...record, ...central }));
    startByte += header.length + bytes.length;
  }
  const listed = Buffer.concat(directory ?? []);
  const end = toZipEnd({ entries, startByte, endByte: startByte + listed.length });
  await writeFile(at("o.zip"), Buffer.concat([...(body ?? []), listed, end, Buffer.from(behind)]));
  return at("o.zip");
}

/** A member of a tar file that is made by hand. */
interface Member {
  readonly name: string;
  readonly content?: string | Buffer;
  /** Of the header, where it is no regular file's. */
  readonly type?: string;
}

async function makeTar(members: readonly Member[], { end = Buffer.alloc(1024) } = {}): Promise<string> {
  const blocks = members.flatMap(({ name, content = "", type = "0" }) => {
    const bytes = Buffer.from(content);
    const fields = { name: { name, prefix: "" }, sizeBytes: bytes.length, modifiedAtMs: 0 };
    const header = toTarHeader({ ...fields, type: type as "0" });
    return [header, bytes, Buffer.alloc(toPaddingBytes(bytes.length))];
  });
  await writeFile(at("o.tar"), Buffer.concat([...blocks, end]));
  return at("o.tar");
}

const MARK = { name: "CASE/bagit.txt", content: "BagIt-Version: 1.0\n" };
const FILE = { name: "CASE/data/a", content: "abc" };

/** Writes a folder that other programs pack. */
async function writeCase(): Promise<void> {
  await mkdir(at("CASE/data"), { recursive: true });
  await writeFile(at("CASE/bagit.txt"), MARK.content);
  await writeFile(at(`CASE/data/${"é".repeat(90)}`), FILE.content);
}

const run = (program: string, ...args: readonly string[]) => execFileSync(program, args, { cwd: folder }).toString();

describe("what other programs have packed", () => {
  it.each([
    ["GNU tar", "tar", ["--format=gnu", "-cf", "o", "CASE"]],
    [
      "GNU tar, in the form of pax, with global headers",
      "tar",
      ["--pax-option=globexthdr.name=g,comment=x", "--format=pax", "-cf", "o", "CASE"],
    ],
    ["GNU tar, from within", "tar", ["-cf", "o", "./CASE"]],
    ["python's tarfile", "python3", ["-m", "tarfile", "-c", "o", "CASE"]],
    ["Info-ZIP, without compression", "zip", ["-0qr", "o.zip", "CASE"]],
    ["Info-ZIP, as a stream with descriptors", "sh", ["-c", "zip -0qr - CASE > o.zip"]],
  ])("is listed: %s", async (_name, program, args) => {
    await writeCase();
    run(program, ...args);
    const path = at(args.join(" ").includes("o.zip") ? "o.zip" : "o");
    const { rootName, files, notes } = await listContainer(path);
    expect([rootName, notes]).toEqual(["CASE", []]);
    const bytes = await readFile(path);
    const { startByte = 0, endByte = 0 } = files.get(`data/${"é".repeat(90)}`) ?? {};
    expect(bytes.toString("utf8", startByte, endByte)).toBe("abc");
    expect(await holdsBag(path)).toBe(true);
  });

  it.each([
    ["compressed", ["-9qr", "o.zip", "CASE"]],
    ["encrypted", ["-0qr", "-P", "secret", "o.zip", "CASE"]],
  ])("is not read in place when it is %s, and is a bag nevertheless", async (what, args) => {
    await writeCase();
    await writeFile(at("CASE/data/long"), "a".repeat(1000));
    run("zip", ...args);
    const error = { code: "CONTAINER_UNSUPPORTED", hint: "unpack it, and verify the folder" };
    await expect(listContainer(at("o.zip"))).rejects.toMatchObject(error);
    await expect(listContainer(at("o.zip"))).rejects.toThrow(what);
    expect(await holdsBag(at("o.zip"))).toBe(true);
  });

  it("is not read in place when it has holes", async () => {
    await writeCase();
    await writeFile(at("CASE/data/sparse"), "");
    await truncate(at("CASE/data/sparse"), 1 << 20);
    for (const format of ["gnu", "pax"]) {
      run("tar", `--format=${format}`, "--sparse", "-cf", "o.tar", "CASE");
      await expect(listContainer(at("o.tar"))).rejects.toMatchObject({ code: "CONTAINER_UNSUPPORTED" });
    }
  });

  it("has its links among what is no file", async () => {
    await writeCase();
    await symlink("/etc/passwd", at("CASE/data/link"));
    run("tar", "-cf", "o.tar", "CASE");
    run("zip", "-0qry", "o.zip", "CASE");
    for (const path of [at("o.tar"), at("o.zip")]) {
      const { files, others } = await listContainer(path);
      expect([[...others], files.has("data/link")]).toEqual([["data/link"], false]);
    }
  });

  it("lists 70,000 files", async () => {
    const pieces: Uint8Array[] = [];
    const write = async (chunk: Uint8Array) => void pieces.push(Buffer.from(chunk));
    const writer = openZipWriter({ rootName: "CASE", modifiedAtMs: 0, write });
    for (let index = 0; index < 70_000; index += 1) await writer.add(`data/${index}`, 0, nothing);
    await writer.end();
    await writeFile(at("o.zip"), Buffer.concat(pieces));
    expect((await listContainer(at("o.zip"))).files.size).toBe(70_000);
    expect(run("zipinfo", "-h", "o.zip")).toContain("number of entries: 70000");
  });
});

async function* nothing(): AsyncGenerator<Uint8Array> {}

describe("names that could lead elsewhere, or that others overwrite", () => {
  const ODD: readonly (readonly [string, string])[] = [
    ["/etc/passwd", "unsafe-path"],
    ["CASE/../../x", "unsafe-path"],
    ["CASE/..", "unsafe-path"],
    ["CASE\\..\\x", "unsafe-path"],
    ["C:/x", "unsafe-path"],
    ["CASE//x", "unsafe-path"],
    ["CASE/./x", "unsafe-path"],
    ["elsewhere/x", "unexpected"],
    ["beside", "unexpected"],
    [FILE.name, "unexpected"],
  ];

  it.each(ODD)("%j is told of as %s", async (name, kind) => {
    for (const path of [
      await makeZip([MARK, FILE, { name, content: "other" }]),
      await makeTar([MARK, FILE, { name, content: "other" }]),
    ]) {
      const { rootName, files, notes } = await listContainer(path);
      expect(notes).toMatchObject([{ kind, name }]);
      expect([rootName, [...files.keys()].sort()]).toEqual(["CASE", ["bagit.txt", "data/a"]]);
      const bytes = await readFile(path);
      const { startByte, endByte } = files.get("data/a") ?? {};
      expect(bytes.toString("utf8", startByte, endByte)).toBe("abc");
    }
  });

  it("a zero byte in a pax header", async () => {
    const path = await makeTar([MARK, { name: "x", type: "x", content: toPaxRecords({ path: "CASE/a\0b" }) }, FILE]);
    expect((await listContainer(path)).notes).toMatchObject([{ kind: "unsafe-path" }]);
  });

  it("two bags are none", async () => {
    const path = await makeTar([MARK, { ...MARK, name: "OTHER/bagit.txt" }]);
    await expect(listContainer(path)).rejects.toThrow("2 folders that are bags");
  });
});

describe("a zip file that says different things", () => {
  const OTHER = { name: "CASE/data/b", content: "def" };

  it.each<readonly [string, readonly Made[]]>([
    ["another name", [MARK, { ...FILE, local: { name: "CASE/data/x" } }]],
    ["another size", [MARK, { ...FILE, local: { sizeBytes: 2 } }, OTHER]],
    ["another checksum", [MARK, { ...FILE, local: { crc32: 1 } }]],
    ["a place where nothing begins", [MARK, { ...FILE, central: { startByte: 3 } }]],
    ["a size that is beyond the end", [MARK, { ...FILE, central: { sizeBytes: 1e9 }, local: { sizeBytes: 1e9 } }]],
    ["a size of 2^63", [MARK, { ...FILE, central: { sizeBytes: 2 ** 63 }, local: { sizeBytes: 2 ** 63 } }]],
    ["one file in another", [MARK, { ...FILE, central: { sizeBytes: 9 }, local: { sizeBytes: 9 } }, OTHER]],
    ["one file twice", [MARK, FILE, { ...FILE, central: { startByte: 68 } }]],
  ])("is refused: %s", async (_name, files) => {
    await expect(listContainer(await makeZip(files))).rejects.toMatchObject({ code: "CONTAINER_INVALID" });
  });

  it("is refused with more entries than there are, and with bytes behind its end", async () => {
    const more = await makeZip([MARK], { entries: 60_000 });
    await expect(listContainer(more)).rejects.toMatchObject({ code: "CONTAINER_INVALID" });
    const longer = await makeZip([MARK], { behind: "x" });
    await expect(listContainer(longer)).rejects.toMatchObject({ code: "CONTAINER_INVALID" });
  });

  it("is told of when there is a file that its directory does not have", async () => {
    const { notes } = await listContainer(await makeZip([MARK, { ...FILE, content: "abc" }, OTHER], { entries: 2 }));
    expect(notes).toMatchObject([{ kind: "unexpected", message: expect.stringContaining("belong to no file") }]);
  });
});

describe("a tar file that programs read differently", () => {
  const size = (sizeBytes: string) => ({ name: "x", type: "x", content: toPaxRecords({ size: sizeBytes }) });

  it.each<readonly [string, readonly Member[]]>([
    ["a link with contents", [MARK, { ...FILE, type: "1" }]],
    ["a folder with contents", [MARK, { ...FILE, type: "5" }]],
    ["a name for all", [MARK, { name: "g", type: "g", content: toPaxRecords({ path: "CASE/x" }) }, FILE]],
    ["a size that is no number", [MARK, size("-1"), FILE]],
    ["a size beyond the end", [MARK, size("99999999"), FILE]],
    ["a pax header that is cut", [MARK, { name: "x", type: "x", content: "99 path=x\n" }, FILE]],
    ["a header that is too long", [MARK, { name: "x", type: "L", content: Buffer.alloc(2 << 20, 97) }, FILE]],
  ])("is refused: %s", async (_name, members) => {
    await expect(listContainer(await makeTar(members))).rejects.toMatchObject({ code: "CONTAINER_INVALID" });
  });

  it("does not take the size in a pax header for that of another header", async () => {
    const long = { name: "L", type: "L", content: "CASE/data/long\0" };
    const { files } = await listContainer(await makeTar([MARK, size("3"), long, FILE]));
    expect([...files.keys()]).toEqual(["bagit.txt", "data/long"]);
  });

  it("is told of when its end is not there, or is not the end", async () => {
    const cut = await listContainer(await makeTar([MARK], { end: Buffer.alloc(0) }));
    expect(cut.notes).toMatchObject([{ kind: "truncated" }]);
    const path = await makeTar([MARK]);
    await appendFile(path, Buffer.from("x".padStart(3 << 20, "\0")));
    expect((await listContainer(path)).notes).toMatchObject([{ kind: "trailing-data" }]);
  });
});

describe("what is damaged", () => {
  it.each(["zip", "tar"] as const)("never makes anything else of a %s file than an error or notes", async (form) => {
    await writeCase();
    const whole = await readFile(await packTo(at(`whole.${form}`), at("CASE")));
    const seen = { listed: 0, refused: 0 };
    const damaged = async (bytes: Uint8Array) => {
      await writeFile(at("damaged"), bytes);
      await holdsBag(at("damaged"));
      try {
        await listContainer(at("damaged"));
        seen.listed += 1;
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^CONTAINER_/) });
        seen.refused += 1;
      }
    };
    const step = Math.ceil(whole.length / 400);
    for (let position = 0; position < whole.length; position += step) {
      await damaged(whole.subarray(0, position));
      const bytes = Buffer.from(whole);
      bytes[position] = 0xff - (bytes[position] ?? 0);
      await damaged(bytes);
    }
    expect(seen.refused).toBeGreaterThan(100);
    expect(seen.listed).toBeGreaterThan(0);
  });

  it("is still known for a bag by what stands before the damage", async () => {
    await writeCase();
    await writeFile(at("CASE/data/large"), Buffer.alloc(5000, 7));
    for (const form of ["zip", "tar"]) {
      const path = await packTo(at(`o.${form}`), at("CASE"));
      await truncate(path, 3000);
      expect(await holdsBag(path)).toBe(true);
      await expect(listContainer(path)).rejects.toMatchObject({ code: "CONTAINER_INVALID" });
    }
  });

  it("is no bag when it is something else", async () => {
    await writeFile(at("text"), "PK\u0003\u0004 is how it begins, and no more");
    await writeFile(at("empty"), "");
    expect([await holdsBag(at("text")), await holdsBag(at("empty"))]).toEqual([false, false]);
    expect(await holdsBag(await makeZip([FILE]))).toBe(false);
    await expect(listContainer(at("empty"))).rejects.toThrow("neither a zip nor a tar file");
  });
});
