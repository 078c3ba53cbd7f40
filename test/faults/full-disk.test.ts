import { execFileSync, spawnSync } from "node:child_process";
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { listTree, withRecords } from "../helpers/list-tree.ts";
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

  // At these sizes it is ffmpeg that meets it, or our own look at the disk before ffmpeg is started.
  test.for([
    [250, "16000"],
    [600, "16000"],
    [250, "8000"],
    [700, "8000"],
  ] as const)(
    "of %d kB stops a conversion to %s Hz once, leaves nothing half, and goes on later",
    async ([size, sampleRate], { skip }) => {
      const cwd = await makeTemporaryFolder();
      const disk = join(cwd, "o");
      const obstacle = await mountDisk(disk, size);
      if (obstacle !== undefined) return skip(obstacle);
      await mkdir(join(cwd, "in"));
      const source = join(import.meta.dirname, "../../fixtures/audio/ok", FIXTURE);
      for (let index = 0; index < 12; index += 1) await copyFile(source, join(cwd, `in/${index}.wav`));
      const args = ["convert", "in", "--to", "wav", "--sample-rate", sampleRate, "--out", "o", "--json"];
      const { code, stdout } = await runHoldfast(args, { cwd });
      const report = JSON.parse(stdout);
      expect([code, report.outcome]).toEqual([1, "failed"]);
      expect(report.failures.map((failure: { code: string }) => failure.code)).toEqual(["STORAGE_FULL"]);
      const made = report.results.filter(
        ({ status }: { status: string }) => status === "encoded" || status === "copied",
      );
      const names = made.map(({ output }: { output: { path: string } }) => basename(output.path));
      expect(await listTree(disk)).toEqual(withRecords(...names));

      execFileSync("mount", ["-o", "remount,size=32m", disk]);
      const roomy = await runHoldfast(args, { cwd });
      expect([roomy.code, JSON.parse(roomy.stdout).counts]).toMatchObject([0, { done: 12 - names.length, failed: 0 }]);
      const outputs = (await listTree(disk)).filter((path) => path.endsWith(".wav"));
      const [first, ...others] = await Promise.all(outputs.map((path) => readFile(join(disk, path))));
      expect(others.length).toBe(11);
      for (const bytes of others) expect(bytes.equals(first as Buffer)).toBe(true);
    },
  );

  // Whoever is told that the catalogue is broken deletes it, and what is known of verifying with it.
  test("is no broken catalogue", async ({ skip }) => {
    const cwd = await makeTemporaryFolder();
    const disk = join(cwd, "archive");
    const obstacle = await mountDisk(disk, 1000);
    if (obstacle !== undefined) return skip(obstacle);
    const vendor = await openPacedVendor({ recordings: 2, sizeBytes: 64_000, pieceBytes: 16_000 });
    const env = { AUDIAN_BASE_URL: vendor.baseUrl, AUDIAN_API_KEY: "key" };
    expect((await runHoldfast(["fetch"], { cwd, env })).code).toBe(0);
    spawnSync("dd", ["if=/dev/zero", `of=${join(disk, "fill")}`, "bs=1k"]);
    const { code, stderr } = await runHoldfast(["verify"], { cwd });
    expect([code, stderr]).toEqual([1, expect.stringContaining("no space left for the catalogue")]);
  });
});
