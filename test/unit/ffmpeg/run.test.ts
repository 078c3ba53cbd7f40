import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FfmpegFailedError } from "../../../src/ffmpeg/errors.ts";
import { probeFfmpeg } from "../../../src/ffmpeg/probe.ts";
import { runFfmpeg } from "../../../src/ffmpeg/run.ts";
import { DEAF, isAlive, NEVER_ENDS, openFakeFfmpeg, waitForPids, waitUntilGone } from "../../helpers/fake-ffmpeg.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const PLENTY_MS = 60_000;

test("status 0 and silence are a success", async () => {
  const { ffmpeg } = await openFakeFfmpeg(":");
  expect((await runFfmpeg(ffmpeg, [], { timeoutMs: PLENTY_MS })).elapsedMs).toBeGreaterThanOrEqual(0);
});

test("it gets no environment, no input, and only our arguments, as they are", async () => {
  const { folder, ffmpeg } = await openFakeFfmpeg(
    `printf "%s\\n" "$@" > "$(dirname "$0")/args"; cat > "$(dirname "$0")/stdin"; env > "$(dirname "$0")/env"`,
  );
  await runFfmpeg(ffmpeg, ["-i", "a b;$(id)'\".wav"], { timeoutMs: PLENTY_MS });
  const args = (await readFile(join(folder, "args"), "utf8")).trimEnd().split("\n");
  expect(args).toEqual(["-nostdin", "-hide_banner", "-v", "error", "-i", "a b;$(id)'\".wav"]);
  expect(await readFile(join(folder, "stdin"), "utf8")).toBe("");
  const names = (await readFile(join(folder, "env"), "utf8")).matchAll(/^(\w+)=/gm);
  // The shell itself sets these.
  const own = ["PWD", "OLDPWD", "SHLVL", "PATH", "_"];
  expect([...names].map(([, name = ""]) => name).filter((name) => !own.includes(name))).toEqual([]);
});

test("what it writes to stdout comes whole, in chunks, before the run ends", async () => {
  const { ffmpeg } = await openFakeFfmpeg("head -c 3000000 /dev/zero | tr '\\0' '\\377'");
  const chunks: Buffer[] = [];
  await runFfmpeg(ffmpeg, [], { timeoutMs: PLENTY_MS, onStdout: (chunk) => chunks.push(chunk) });
  expect(chunks.length).toBeGreaterThan(1);
  expect(Buffer.concat(chunks).equals(Buffer.alloc(3_000_000, 0xff))).toBe(true);
});

describe("what is no success", () => {
  test.each([
    ["a status", "exit 3", { exitCode: 3, signal: undefined, timedOut: false }, /status 3/],
    ["a word on stderr, with status 0", "echo 'CRC mismatch' >&2", { exitCode: 0 }, /complained: CRC mismatch/],
    ["a signal", "kill -9 $$", { exitCode: undefined, signal: "SIGKILL" }, /SIGKILL/],
  ] as const)("%s", async (_, body, exit, message) => {
    const { ffmpeg } = await openFakeFfmpeg(body);
    const run = runFfmpeg(ffmpeg, [], { timeoutMs: PLENTY_MS });
    await expect(run).rejects.toBeInstanceOf(FfmpegFailedError);
    await expect(run).rejects.toMatchObject({ code: "MEDIA_FFMPEG_FAILED", exit });
    await expect(run).rejects.toThrow(message);
  });

  test("a flood on stderr is cut to its last lines", async () => {
    const { ffmpeg } = await openFakeFfmpeg(`seq 1 200000 >&2; exit 1`);
    const error: unknown = await runFfmpeg(ffmpeg, [], { timeoutMs: PLENTY_MS }).catch((reason: unknown) => reason);
    if (!(error instanceof FfmpegFailedError)) throw error;
    expect(error.exit.stderrTail.length).toBeLessThan(10_000);
    expect(error.exit.stderrTail).toMatch(/^\d{6}\n(?:\d+\n)+200000$/);
  });

  test("so is a line without an end", async () => {
    const { ffmpeg } = await openFakeFfmpeg(`head -c 200000000 /dev/zero | tr '\\0' x >&2; exit 1`);
    const run = runFfmpeg(ffmpeg, [], { timeoutMs: PLENTY_MS });
    await expect(run).rejects.toMatchObject({ exit: { stderrTail: "x".repeat(8192) } });
  });
});

describe("a program that never ends is ended, with all of its group", () => {
  test("by the time limit, even if it is deaf to SIGTERM", async () => {
    const { folder, ffmpeg } = await openFakeFfmpeg(DEAF);
    const run = runFfmpeg(ffmpeg, [], { timeoutMs: 300 });
    const pids = waitForPids(folder);
    await expect(run).rejects.toMatchObject({ exit: { timedOut: true, signal: "SIGKILL" } });
    await waitUntilGone(await pids);
  });

  test("by a signal, with its reason", async () => {
    const { folder, ffmpeg } = await openFakeFfmpeg(NEVER_ENDS);
    const controller = new AbortController();
    const run = runFfmpeg(ffmpeg, [], { signal: controller.signal, timeoutMs: PLENTY_MS });
    const pids = await waitForPids(folder);
    expect(pids.map(isAlive)).toEqual([true, true]);
    controller.abort(new RangeError("enough"));
    await expect(run).rejects.toThrow("enough");
    await waitUntilGone(pids);
  });

  test("and is not begun when the signal came first", async () => {
    const { folder, ffmpeg } = await openFakeFfmpeg(`: > "$(dirname "$0")/started"`);
    const signal = AbortSignal.abort(new RangeError("enough"));
    await expect(runFfmpeg(ffmpeg, [], { signal, timeoutMs: PLENTY_MS })).rejects.toThrow("enough");
    await expect(readFile(join(folder, "started"))).rejects.toThrow("ENOENT");
  });
});

describe("what is no ffmpeg", () => {
  test.each([
    ["nothing", async (folder: string) => join(folder, "none")],
    ["a folder", async (folder: string) => folder],
    ["another program", async () => "/bin/true"],
    ["one that may not be run", makeUnrunnable],
  ] as const)("%s", async (_, make) => {
    const path = await make(await makeTemporaryFolder());
    await expect(probeFfmpeg(path, "flag")).rejects.toMatchObject({ code: "MEDIA_FFMPEG_NOT_FOUND" });
  });

  async function makeUnrunnable(folder: string): Promise<string> {
    const path = join(folder, "ffmpeg");
    await writeFile(path, "#!/bin/sh\n", { mode: 0o644 });
    return path;
  }
});
