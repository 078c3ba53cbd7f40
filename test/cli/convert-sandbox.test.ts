import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findProgram } from "../../src/ffmpeg/find-program.ts";
import { locateConfinement } from "../../src/ffmpeg/locate-confinement.ts";
import { listTree } from "../helpers/list-tree.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

const FIXTURE = join(import.meta.dirname, "../../fixtures/audio/ok/wav-256k-16000.wav");
const PATH = process.env["PATH"] ?? "";
const args = ["convert", "call.wav", "--to", "mp3,opus", "--out", "out", "--json", "--sandbox"];

async function openFolder(): Promise<string> {
  const cwd = await makeTemporaryFolder();
  await copyFile(FIXTURE, join(cwd, "call.wav"));
  return cwd;
}

test("where there is no sandbox, --sandbox converts nothing and says what to install", async () => {
  const cwd = await openFolder();
  const { code, stdout, stderr } = await runHoldfast(args, { cwd });
  expect(code).toBe(2);
  expect(JSON.parse(stdout).failures).toMatchObject([{ code: "MEDIA_SANDBOX_MISSING" }]);
  expect(stderr).toMatch(/install bubblewrap/);
  expect(await listTree(cwd)).toEqual(["call.wav"]);
});

const bwrap = await findProgram("bwrap", PATH);
const sandbox = await locateConfinement({ searchPath: PATH, sandbox: true }).catch(() => undefined);
const isBubblewrap = sandbox?.description.startsWith("bubblewrap") ?? false;
if (!isBubblewrap)
  process.stdout.write("convert --sandbox is not tested: bubblewrap is not here, or may not be used\n");

test.skipIf(!isBubblewrap)("where there is one it is used, and the outputs are the same as without", async () => {
  const [folder, inside, outside] = [await makeTemporaryFolder(), await openFolder(), await openFolder()];
  const log = join(folder, "log");
  const logged = `#!/bin/sh\necho "$*" >> ${log}\nexec ${bwrap} "$@"\n`;
  await writeFile(join(folder, "bwrap"), logged, { mode: 0o755 });
  const env = { PATH: folder };
  const ran = await runHoldfast(args, { cwd: inside, env });
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  expect(await readFile(log, "utf8")).toContain(`--ro-bind ${inside}/call.wav ${inside}/call.wav`);
  const plain = await runHoldfast(args.slice(0, -1), { cwd: outside, env });
  expect(toDigests(ran.stdout)).toEqual(toDigests(plain.stdout));
});

function toDigests(report: string): readonly string[] {
  const { results } = JSON.parse(report) as { results: readonly { output: { sha256: string } }[] };
  expect(results.length).toBe(2);
  return results.map(({ output }) => output.sha256);
}
