import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { locateFfmpeg } from "../../src/ffmpeg/locate.ts";
import { locateConfinement } from "../../src/ffmpeg/locate-confinement.ts";
import { waitUntilGone } from "../helpers/fake-ffmpeg.ts";
import { findProcesses, waitForProcesses } from "../helpers/find-processes.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

const SEARCH_PATH = process.env["PATH"] ?? "";
const DIST = join(import.meta.dirname, "../../dist/ffmpeg");

/** A program that runs ffmpeg as `convert` does, for as long as it is let. */
const PARENT = `
  import { locateConfinement } from "${DIST}/locate-confinement.js";
  import { runFfmpeg } from "${DIST}/run.js";
  const [path, sandbox, output] = process.argv.slice(1);
  const confinement = await locateConfinement({ searchPath: process.env.PATH, sandbox: sandbox === "true" });
  const args = ["-re", "-f", "lavfi", "-i", "sine=duration=600", "-f", "wav", output + "/long.wav"];
  process.stdout.write("starting");
  await runFfmpeg({ path }, args, { timeoutMs: 600_000, writes: [output], confinement });
`;

const sandbox = await locateConfinement({ searchPath: SEARCH_PATH, sandbox: true }).catch(() => undefined);
const kinds = [
  ["with limits alone", false] as const,
  ...(sandbox === undefined ? [] : [["in a sandbox", true] as const]),
];
if (sandbox === undefined) process.stdout.write("orphans in a sandbox are not tested: there is none here\n");
const { ffmpeg } = await locateFfmpeg({ named: undefined, searchPath: "" });

async function startParent(inSandbox: boolean): Promise<{ parent: ChildProcess; output: string }> {
  const folder = await makeTemporaryFolder();
  const output = join(folder, "out");
  await mkdir(output);
  const args = ["--input-type=module", "-e", PARENT, "--", ffmpeg.path, String(inSandbox), output];
  const parent = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { PATH: SEARCH_PATH, TMPDIR: folder },
  });
  onTestFinished(() => void parent.kill("SIGKILL"));
  await once(parent.stdout as NodeJS.ReadableStream, "data");
  return { parent, output };
}

async function kill(parent: ChildProcess): Promise<void> {
  parent.kill("SIGKILL");
  await once(parent, "exit");
}

describe.each(kinds)("killed with SIGKILL, %s", (_, inSandbox) => {
  test("Holdfast takes its ffmpeg along, which writes no more", async () => {
    const { parent, output } = await startParent(inSandbox);
    const pids = await waitForProcesses("ffmpeg", output);
    const size = async () => (await stat(join(output, "long.wav")).catch(() => undefined))?.size ?? 0;
    while ((await size()) === 0) await sleep(10);
    await kill(parent);
    await waitUntilGone(pids);
    const after = await size();
    await sleep(300);
    expect(await size()).toBe(after);
  });

  test("at the moment of the start as well", async () => {
    for (let delayMs = 0; delayMs < 12; delayMs += 1) {
      const { parent, output } = await startParent(inSandbox);
      await sleep(delayMs);
      await kill(parent);
      // Whatever was on its way is there, or gone, when its own start-up time is over.
      await sleep(100);
      await waitUntilGone(["ffmpeg", "sh", "bwrap"].flatMap((program) => findProcesses(program, output)));
    }
  });
});
