import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findMissing, findProgram } from "../../../benchmarks/harness/find-program.ts";
import { flipByte } from "../../../benchmarks/harness/flip-byte.ts";
import { hashFolder } from "../../../benchmarks/harness/hash-folder.ts";
import { Workspace } from "../../../benchmarks/harness/workspace.ts";

let workspace: Workspace;
beforeAll(async () => {
  workspace = await Workspace.create("test");
});
afterAll(() => workspace.remove());

describe("Workspace", () => {
  it("sets a folder aside, twice under the same name, without its bytes", async () => {
    for (const round of [0, 1]) {
      await mkdir(workspace.path("out", "deep"), { recursive: true });
      await writeFile(workspace.path("out", "deep", "a"), "bytes");
      await workspace.setAside(workspace.path("out"));
      expect((await stat(workspace.path("aside", `out-${round}`, "deep", "a"))).size).toBe(0);
      expect(await readdir(workspace.root)).not.toContain("out");
    }
  });

  it("has nothing to set aside before the first run", async () => {
    await expect(workspace.setAside(workspace.path("never"))).resolves.toBeUndefined();
  });

  it("leaves nothing behind", async () => {
    const other = await Workspace.create("test");
    await writeFile(other.path("a"), "bytes");
    await other.remove();
    await expect(stat(other.root)).rejects.toThrow("ENOENT");
  });
});

describe("hashFolder", () => {
  it("hashes every file below a folder, by its path from there", async () => {
    await mkdir(workspace.path("tree", "deep"), { recursive: true });
    await writeFile(workspace.path("tree", "deep", "b"), "");
    await writeFile(workspace.path("tree", "a"), "abc");
    // From FIPS 180-4's example for "abc", and the well-known digest of nothing.
    expect([...(await hashFolder(workspace.path("tree")))]).toEqual([
      ["a", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
      ["deep/b", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ]);
  });
});

describe("flipByte", () => {
  it("changes one byte, and changes it back", async () => {
    const path = workspace.path("flipped");
    await writeFile(path, "abcde");
    await flipByte(path);
    expect(await readFile(path, "utf8")).toBe("abbde");
    await flipByte(path);
    expect(await readFile(path, "utf8")).toBe("abcde");
  });
});

describe("findProgram", () => {
  it("finds what is on PATH and says what is not", async () => {
    expect(await findProgram("sh")).toMatch(/\/sh$/);
    expect(await findMissing(["sh", "holdfast-no-such-program"])).toEqual(["holdfast-no-such-program"]);
  });
});
