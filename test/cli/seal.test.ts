import { spawnSync } from "node:child_process";
import { copyFile, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { listTree } from "../helpers/list-tree.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

const RECORDING = join(import.meta.dirname, "../../fixtures/audio/ok/mp3-32k-8000.mp3");
const NAMES = ["a\nb", "back\\slash", " lead", "-", "--json", "e\u0301 😀.wav", "p) = q", "*", "x".repeat(255)];

let folder: string;
const seal = (...args: readonly string[]) => runHoldfast(["seal", ...args], { cwd: folder });

beforeEach(async () => {
  folder = await makeTemporaryFolder();
  await mkdir(join(folder, "calls/sub"), { recursive: true });
  await copyFile(RECORDING, join(folder, "calls/sub/rec_1.mp3"));
  await writeFile(join(folder, "calls/note"), "x");
});

describe("holdfast seal", () => {
  it("seals, and says what to write down", async () => {
    const { code, stdout } = await seal("calls");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^sealed 2 files \(.*\), 1 recording among them\nsha256 of calls\/SHA256SUMS: [0-9a-f]{64}\nwrite it down elsewhere/,
    );
    const { stdout: digest } = spawnSync("sha256sum", ["calls/SHA256SUMS"], { cwd: folder, encoding: "utf8" });
    expect(stdout).toContain(`: ${digest.slice(0, 64)}\n`);
  });

  it("writes what sha256sum -c accepts, whatever files are called", async () => {
    for (const name of NAMES) await writeFile(join(folder, "calls", name), "x");
    expect((await seal("calls", "--quiet")).code).toBe(0);
    const cwd = join(folder, "calls");
    const checked = spawnSync("sha256sum", ["-c", "--strict", "--quiet", "SHA256SUMS"], { cwd, input: "" });
    expect({ status: checked.status, said: checked.stderr.toString() }).toEqual({ status: 0, said: "" });
    expect((await readFile(join(cwd, "SHA256SUMS"), "utf8")).trimEnd().split("\n")).toHaveLength(NAMES.length + 2);
  });

  it("prints one JSON report", async () => {
    const { code, stdout } = await seal("calls/", "--json");
    const report = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(report).toMatchObject({ command: "seal", outcome: "ok", counts: { planned: 2, done: 2 } });
    expect(report.manifest).toEqual({ path: "calls/SHA256SUMS", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(report.results.map(({ path }: { path: string }) => path)).toEqual(["calls/note", "calls/sub/rec_1.mp3"]);
  });

  it("lists what it would seal, and changes nothing, with --dry-run", async () => {
    const { code, stdout } = await seal("calls", "--dry-run");
    expect(code).toBe(0);
    expect(stdout).toContain("sub/rec_1.mp3");
    expect(await listTree(folder)).toEqual(["calls/note", "calls/sub/rec_1.mp3"]);
  });

  it("seals nothing when something cannot be sealed, and ends with 1", async () => {
    await symlink("note", join(folder, "calls/link"));
    const { code, stdout } = await seal("calls");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^nothing was sealed\n.*calls\/link.*symbolic link/);
    expect(await listTree(folder)).toEqual(["calls/link", "calls/note", "calls/sub/rec_1.mp3"]);
  });

  it("refuses to seal twice, with a hint", async () => {
    await seal("calls");
    const { code, stderr } = await seal("calls");
    expect(code).toBe(1);
    expect(stderr).toMatch(/already sealed.*STORAGE_CONFLICT.*holdfast verify/s);
  });

  it("takes one folder", async () => {
    expect((await seal()).code).toBe(2);
  });
});
