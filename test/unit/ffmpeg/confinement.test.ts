import { spawnSync } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { FfmpegFailedError } from "../../../src/ffmpeg/errors.ts";
import { launch } from "../../../src/ffmpeg/launch.ts";
import { locateFfmpeg } from "../../../src/ffmpeg/locate.ts";
import { locateConfinement } from "../../../src/ffmpeg/locate-confinement.ts";
import { runFfmpeg } from "../../../src/ffmpeg/run.ts";
import { DEAF, openFakeFfmpeg, waitForPids, waitUntilGone } from "../../helpers/fake-ffmpeg.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const PLENTY_MS = 60_000;

const confinement = await locateConfinement({ searchPath: "", sandbox: false });

describe("held back by limits", () => {
  test("it gets no environment, its arguments as they are, and an empty folder that is gone afterwards", async () => {
    const { folder, ffmpeg } = await openFakeFfmpeg(
      `env | grep -v '^PWD=' > "$(dirname "$0")/env"; ls -A > "$(dirname "$0")/ls"; pwd > "$(dirname "$0")/pwd"
       printf "%s\\n" "$@" > "$(dirname "$0")/args"`,
    );
    const awkward = ["a b;$(id)'\"", "", "--", "*"];
    await runFfmpeg(ffmpeg, awkward, { timeoutMs: PLENTY_MS, confinement });
    const read = (name: string) => readFile(join(folder, name), "utf8");
    expect((await read("args")).split("\n").slice(4, -1)).toEqual(awkward);
    expect(await read("env")).toBe("");
    expect(await read("ls")).toBe("");
    const cwd = (await read("pwd")).trim();
    expect(cwd).not.toBe(process.cwd());
    await expect(stat(cwd)).rejects.toThrow("ENOENT");
  });

  test("memory beyond the limit is a failure of ffmpeg", async () => {
    const { ffmpeg } = await openFakeFfmpeg(`"${process.execPath}" -e "Buffer.alloc(3 * 2 ** 30)"`);
    await runFfmpeg(ffmpeg, [], { timeoutMs: PLENTY_MS });
    const run = runFfmpeg(ffmpeg, [], { timeoutMs: PLENTY_MS, confinement });
    await expect(run).rejects.toBeInstanceOf(FfmpegFailedError);
    await expect(run).rejects.toThrow(/status 1|allocat/);
  });

  test("a file beyond its length is a failure of ffmpeg", async () => {
    const { ffmpeg } = await locateFfmpeg({ named: undefined, searchPath: "" });
    const path = join(await makeTemporaryFolder(), "long.wav");
    const args = ["-f", "lavfi", "-i", "sine=duration=20", "-f", "wav", path];
    const bounds = { timeoutMs: PLENTY_MS, confinement };
    await expect(runFfmpeg(ffmpeg, args, { ...bounds, maxFileBytes: 102_400 })).rejects.toThrow(/SIGXFSZ|too large/);
    expect((await stat(path)).size).toBeLessThanOrEqual(102_400);
    await runFfmpeg(ffmpeg, ["-y", ...args], { ...bounds, maxFileBytes: 2_000_000 });
  });

  test("processor time is the kernel's to end", async () => {
    const busy = { program: "/bin/sh", args: ["-c", "while :; do :; done"] };
    const bounds = { reads: [], writes: [], maxFileBytes: undefined, cpuSeconds: 0.5 };
    const { program, args } = confinement.confine(busy, bounds);
    expect(await launch(program, args, { signal: AbortSignal.timeout(PLENTY_MS), lifeline: true })).toMatchObject({
      signal: "SIGKILL",
    });
  });

  test("the time limit ends it with all of its group, even if it is deaf to SIGTERM", async () => {
    const { folder, ffmpeg } = await openFakeFfmpeg(DEAF);
    const run = runFfmpeg(ffmpeg, [], { timeoutMs: 1000, confinement });
    const pids = waitForPids(folder);
    await expect(run).rejects.toMatchObject({ exit: { timedOut: true, signal: "SIGKILL" } });
    await waitUntilGone(await pids);
  });

  test("no shell is left to watch over what has ended", async () => {
    const { folder, ffmpeg } = await openFakeFfmpeg(`ps -o ppid= -o pgid= -p $$ > "$(dirname "$0")/ids"`);
    await runFfmpeg(ffmpeg, [], { timeoutMs: PLENTY_MS, confinement });
    const [parent, group] = (await readFile(join(folder, "ids"), "utf8")).trim().split(/ +/).map(Number);
    expect(parent).toBe(process.pid);
    while (spawnSync("ps", ["-o", "pid=", "-g", String(group)], { encoding: "utf8" }).stdout !== "") await sleep(10);
  });
});
