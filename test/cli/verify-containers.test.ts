import { execFileSync } from "node:child_process";
import { appendFile, copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { bag } from "../bags/bag-files.ts";
import { writeBag } from "../bags/write-bag.ts";
import { listTree } from "../helpers/list-tree.ts";
import { packTo } from "../helpers/pack-to.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";

const CALL = join(import.meta.dirname, "../../fixtures/audio/ok/mp3-32k-8000.mp3");

/** Makes a container in which a bag has a recording beside its texts. */
async function makeContainer(form: string): Promise<string> {
  const folder = await writeBag({ files: bag() });
  await copyFile(CALL, join(folder, "data/call.mp3"));
  const manifest = join(folder, "manifest-sha512.txt");
  await appendFile(manifest, execFileSync("sha512sum", ["data/call.mp3"], { cwd: folder }));
  await rm(join(folder, "tagmanifest-sha512.txt"));
  const container = await packTo(join(dirname(folder), `o.${form}`), folder);
  await rm(folder, { recursive: true });
  return container;
}

async function verify(container: string, ...flags: readonly string[]) {
  const cwd = dirname(container);
  const ran = await runHoldfast(["verify", container, "--json", ...flags], { cwd });
  expect(await listTree(cwd), "nothing is unpacked").toEqual([`o${container.slice(-4)}`]);
  return { ...ran, report: JSON.parse(ran.stdout) };
}

it.each(["zip", "tar"])("a bag in a %s file is verified where it lies, and its audio walked", async (form) => {
  const container = await makeContainer(form);
  const { code, report } = await verify(container, "--level", "structure");
  expect(code).toBe(0);
  const { results } = report as { results: { path: string; status: string; level: string; sha256?: string }[] };
  expect(results).toHaveLength(3);
  expect(results.every(({ status }) => status === "ok")).toBe(true);
  const call = results.find(({ path }) => path === `${container}/data/call.mp3`);
  expect(call).toMatchObject({ level: "structure" });
});

it("a flipped bit in it is found by name, and no copy can heal it", async () => {
  const container = await makeContainer("zip");
  const bytes = await readFile(container);
  const call = await readFile(CALL);
  const at = bytes.indexOf(call.subarray(0, 512)) + 300;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(container, bytes);
  const { code, report } = await verify(container);
  expect(code).toBe(4);
  expect(report.findings).toMatchObject([{ kind: "digest-mismatch", subject: `${container}/data/call.mp3` }]);
  const refused = await runHoldfast(["verify", container, "--quarantine"], { cwd: dirname(container) });
  expect(refused.code).toBe(2);
});

it("that a recording in it was not decoded is said", async () => {
  const { code, report } = await verify(await makeContainer("tar"), "--level", "deep");
  expect(code).toBe(3);
  expect(report.failures).toMatchObject([
    { code: "MEDIA_UNSUPPORTED", message: expect.stringContaining("unpack that, and verify the folder") },
  ]);
});
