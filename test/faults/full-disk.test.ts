import { execFileSync, spawnSync } from "node:child_process";
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { listTree } from "../helpers/list-tree.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { openPacedVendor } from "./paced-vendor.ts";

const FIXTURE = "wav-256k-16000.wav";
/** More than are ever begun before the first is stored. */
const RECORDINGS = 120;

/** Mounts a disk of some size in a folder until the test ends; without the right to, says why. */
async function mountDisk(folder: string, kilobytes: number): Promise<string | undefined> {
  await mkdir(folder);
  const { status, stderr, error } = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", folder]);
  if (status !== 0) return `no small disk can be mounted here: ${error?.message ?? stderr.toString().trim()}`;
  onTestFinished(() => {
    execFileSync("umount", [folder]);
  });
  return undefined;
}

describe("a full disk", () => {
  // At these sizes bytes, sidecar or catalogue is what no longer fits.
  test.for([400, 410, 420, 440])(
    "of %d kB stops a fetch, leaves nothing half, and goes on later",
    async (size, { skip }) => {
      const cwd = await makeTemporaryFolder();
      const disk = join(cwd, "archive");
      const obstacle = await mountDisk(disk, size);
      if (obstacle !== undefined) return skip(obstacle);
      const vendor = await openPacedVendor({ recordings: RECORDINGS, sizeBytes: 64_000, pieceBytes: 16_000 });
      const env = { AUDIAN_BASE_URL: vendor.baseUrl, AUDIAN_API_KEY: "key" };
      const args = ["fetch", "--concurrency", "2", "--json"];

      const full = await runHoldfast(args, { cwd, env });
      const report = JSON.parse(full.stdout);
      expect([full.code, report.outcome]).toEqual([1, "failed"]);
      expect(report.failures.map(({ code }: { code: string }) => code)).toEqual(["STORAGE_FULL"]);
      expect(vendor.downloads.size).toBeLessThan(RECORDINGS);
      const left = await listTree(disk);
      expect(left.filter((path) => path.endsWith(".part"))).toEqual([]);
      for (const path of left.filter((name) => name.endsWith(".wav"))) {
        expect((await readFile(join(disk, path))).equals(vendor.bytesOf(basename(path, ".wav")))).toBe(true);
      }

      execFileSync("mount", ["-o", "remount,size=32m", disk]);
      const roomy = await runHoldfast(args, { cwd, env });
      const { counts, results } = JSON.parse(roomy.stdout);
      expect([roomy.code, counts.failed]).toEqual([0, 0]);
      expect(results.some((result: { resumedFromByte: number }) => result.resumedFromByte > 0)).toBe(true);
      expect((await runHoldfast(["verify"], { cwd })).code).toBe(0);
    },
  );

  test("stops a conversion once, whichever program met it, and leaves nothing half", async ({ skip }) => {
    const cwd = await makeTemporaryFolder();
    const obstacle = await mountDisk(join(cwd, "o"), 250);
    if (obstacle !== undefined) return skip(obstacle);
    await mkdir(join(cwd, "in"));
    const source = join(import.meta.dirname, "../../fixtures/audio/ok", FIXTURE);
    for (let index = 0; index < 8; index += 1) await copyFile(source, join(cwd, `in/${index}.wav`));
    const args = ["convert", "in", "--to", "wav", "--out", "o", "--concurrency", "1", "--json"];
    const { code, stdout } = await runHoldfast(args, { cwd });
    const report = JSON.parse(stdout);
    expect([code, report.outcome]).toEqual([1, "failed"]);
    expect(report.failures.map((failure: { code: string }) => failure.code)).toEqual(["STORAGE_FULL"]);
    expect(await listTree(join(cwd, "o"))).toEqual(["0.wav", "1.wav"]);
  });
});
