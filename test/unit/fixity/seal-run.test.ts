import { execFileSync } from "node:child_process";
import { appendFile, copyFile, mkdir, readFile, rename, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { ArchiveConflictError } from "../../../src/archive/errors.ts";
import { NothingToDoError } from "../../../src/core/errors.ts";
import { planSeal } from "../../../src/fixity/seal-plan.ts";
import { ConflictError, NotFoundError, StorageUnavailableError } from "../../../src/io/errors.ts";
import { listTree } from "../../helpers/list-tree.ts";
import { SEALED_AT, sealFolder } from "../../helpers/seal-folder.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const RECORDING = join(import.meta.dirname, "../../../fixtures/audio/ok/mp3-32k-8000.mp3");

let folder: string;
const at = (name: string) => join(folder, name);

beforeEach(async () => {
  folder = join(await makeTemporaryFolder(), "calls");
  await mkdir(at("sub"), { recursive: true });
  await copyFile(RECORDING, at("sub/call"));
  await writeFile(at(".hidden"), "x");
});

const SEAL = ["SHA256SUMS", "holdfast-seal.json"];
const FILES = [".hidden", "sub/call"];

/** Nothing was sealed, no half file is left, and each trouble is told of. */
async function expectRefused(sealing: ReturnType<typeof sealFolder>, ...subjects: readonly string[]): Promise<void> {
  const { outcome, manifest, counts, results, failures } = await sealing;
  expect({ outcome, manifest, results }).toEqual({ outcome: "failed", manifest: null, results: [] });
  expect(counts).toMatchObject({ done: 0, failed: counts.planned });
  const told = failures.map(({ subject }) => subject).filter((subject) => subject !== folder);
  expect(told.toSorted()).toEqual(subjects.map(at).toSorted());
  expect((await listTree(folder)).filter((path) => /SUMS|seal|part$/.test(path))).toEqual([]);
}

describe("sealing a folder", () => {
  it("writes down all files, hidden ones too, and what recordings are", async () => {
    const report = await sealFolder(folder);
    expect(await listTree(folder)).toEqual([...FILES, ...SEAL].toSorted());
    const list = await readFile(at("SHA256SUMS"), "utf8");
    // printf x | sha256sum
    expect(list.split("\n")[0]).toBe("2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881  .hidden");
    const seal = JSON.parse(await readFile(at("holdfast-seal.json"), "utf8"));
    expect(seal).toMatchObject({
      schema: "holdfast.seal/1",
      sealedAt: SEALED_AT,
      tool: { name: "holdfast" },
      manifest: { file: "SHA256SUMS", sha256: report.manifest?.sha256 },
      files: [
        { path: ".hidden", sizeBytes: 1 },
        { path: "sub/call", audio: { format: "mp3" } },
      ],
    });
    expect(seal.files[0].audio).toBeUndefined();
    expect(report).toMatchObject({ outcome: "ok", counts: { planned: 2, done: 2, failed: 0 } });
    const [hidden, call] = report.results;
    expect(hidden).toMatchObject({
      path: at(".hidden"),
      status: "sealed",
      sizeBytes: 1,
      format: null,
      packetSha256: null,
    });
    expect(call).toMatchObject({ path: at("sub/call"), format: "mp3", packetSha256: seal.files[1].audio.packetSha256 });
  });

  it("goes on behind a run that was killed before the seal stood beside its list", async () => {
    await sealFolder(folder);
    const whole = await readFile(at("SHA256SUMS"), "utf8");
    await rm(at("holdfast-seal.json"));
    expect(await sealFolder(folder)).toMatchObject({ outcome: "ok" });
    expect(await readFile(at("SHA256SUMS"), "utf8")).toBe(whole);
    expect(await listTree(folder)).toEqual([...FILES, ...SEAL].toSorted());
  });

  it("leaves another's list alone, whether its names or only its digests differ", async () => {
    for (const list of [`${"a".repeat(64)}  .hidden\n`, `${"a".repeat(64)}  .hidden\n${"b".repeat(64)}  sub/call\n`]) {
      await writeFile(at("SHA256SUMS"), list);
      await expect(sealFolder(folder)).rejects.toThrow(ConflictError);
      expect(await readFile(at("SHA256SUMS"), "utf8")).toBe(list);
      expect(await listTree(folder)).toEqual([...FILES, "SHA256SUMS"].toSorted());
    }
  });
});

describe("nothing is sealed", () => {
  it("when a link or a pipe is there", async () => {
    await symlink("call", at("sub/link"));
    execFileSync("mkfifo", [at("pipe")]);
    await expectRefused(sealFolder(folder), "sub/link", "pipe");
  });

  it.skipIf(process.platform !== "linux")(
    "when a name is not UTF-8, be there a file of the name that Node reads or not",
    async () => {
      const bad = Buffer.concat([Buffer.from(at("sub/b")), Buffer.from([0xe9])]);
      await writeFile(bad, "x");
      await expectRefused(sealFolder(folder), "sub/b\ufffd");
      await writeFile(at("sub/b\ufffd"), "y");
      await expectRefused(sealFolder(folder), "sub/b\ufffd");
      await unlink(bad);
      expect(await sealFolder(folder)).toMatchObject({ outcome: "ok" });
    },
  );

  it.each([
    { what: "is written to", harm: () => appendFile(at(".hidden"), "y"), told: [".hidden"] },
    { what: "goes", harm: () => rm(at("sub/call")), told: ["sub/call"] },
    { what: "takes another's place", harm: () => rename(at(".hidden"), at("sub/call")), told: [".hidden", "sub/call"] },
    { what: "comes", harm: () => writeFile(at("sub/new"), ""), told: ["sub/new"] },
  ])("when a file $what while the folder is read", async ({ harm, told }) => {
    await expectRefused(sealFolder(folder, { afterReading: harm }), ...told);
  });

  it("when the run is cancelled, even after all was read", async () => {
    const cancelling = new AbortController();
    const afterReading = () => cancelling.abort(new Error("enough"));
    const { outcome, manifest, counts } = await sealFolder(folder, { afterReading, signal: cancelling.signal });
    expect({ outcome, manifest, ...counts }).toMatchObject({
      outcome: "cancelled",
      manifest: null,
      planned: 2,
      done: 0,
    });
    expect(await listTree(folder)).toEqual(FILES);
  });

  it("when a file goes before it is read", async () => {
    await expectRefused(sealFolder(folder, { beforeReading: () => rm(at("sub/call")) }), "sub/call");
  });
});

describe("a folder is refused", () => {
  it("that is sealed, or lies in a sealed one", async () => {
    await sealFolder(folder);
    for (const one of [folder, at("sub")]) {
      const error = await planSeal(one).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ConflictError);
      expect(error).toMatchObject({ hint: expect.stringContaining("holdfast verify") });
    }
  });

  it.each([
    ["holdfast.json", ArchiveConflictError],
    ["bagit.txt", ConflictError],
  ])("that has %s in it or above it", async (name, kind) => {
    await writeFile(at(name), "");
    await expect(planSeal(folder)).rejects.toThrow(kind);
    await expect(planSeal(at("sub"))).rejects.toThrow(kind);
  });

  it("that is empty, is none or is not there", async () => {
    await mkdir(at("empty/below"), { recursive: true });
    await expect(planSeal(at("empty"))).rejects.toThrow(NothingToDoError);
    await expect(planSeal(at(".hidden"))).rejects.toThrow(StorageUnavailableError);
    await expect(planSeal(at("none"))).rejects.toThrow(NotFoundError);
  });
});
