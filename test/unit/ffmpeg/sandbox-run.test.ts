import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { SandboxMissingError } from "../../../src/ffmpeg/errors.ts";
import { locateConfinement } from "../../../src/ffmpeg/locate-confinement.ts";
import { runFfmpeg } from "../../../src/ffmpeg/run.ts";
import { openFakeFfmpeg, waitUntilGone } from "../../helpers/fake-ffmpeg.ts";
import { waitForProcesses } from "../../helpers/find-processes.ts";
import { FFMPEGS } from "../../helpers/real-ffmpegs.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const FIXTURE = join(import.meta.dirname, "../../../fixtures/audio/ok/wav-128k-8000.wav");
const SEARCH_PATH = process.env["PATH"] ?? "";
const PLENTY_MS = 60_000;

const confinement = await locateConfinement({ searchPath: SEARCH_PATH, sandbox: true }).catch((error: unknown) => {
  if (!(error instanceof SandboxMissingError)) throw error;
  process.stdout.write(`the sandbox is not tested: ${error.message}\n`);
  return undefined;
});
const open = await locateConfinement({ searchPath: SEARCH_PATH, sandbox: false });

/** A recording that may be read, its neighbour that may not, and a folder for the output beside one that is not. */
async function openRoom() {
  const folder = await makeTemporaryFolder();
  const [input, neighbour] = [join(folder, 'a "call": 1.wav'), join(folder, "b.wav")];
  const [outputs, elsewhere] = [join(folder, "out: put"), join(folder, "elsewhere")];
  await Promise.all([copyFile(FIXTURE, input), copyFile(FIXTURE, neighbour), mkdir(outputs), mkdir(elsewhere)]);
  const bounds = { timeoutMs: PLENTY_MS, reads: [input], writes: [outputs] };
  return { input, neighbour, outputs, elsewhere, bounds };
}

const toArguments = (input: string, output: string) => ["-i", `file:${input}`, "-f", "wav", `file:${output}`];

describe.skipIf(confinement === undefined).each(FFMPEGS)("ffmpeg $version in a sandbox", (ffmpeg) => {
  test("reads its input and writes its output, the same bytes as outside", async () => {
    const { input, outputs, bounds } = await openRoom();
    const exact = ["-fflags", "+bitexact"];
    for (const [name, held] of [["in", confinement] as const, ["out", open] as const]) {
      const [from, path] = [["-i", `file:${input}`], `file:${join(outputs, name)}`];
      await runFfmpeg(ffmpeg, [...from, ...exact, "-f", "wav", path], { ...bounds, confinement: held });
    }
    const [inside, outside] = await Promise.all(["in", "out"].map((name) => readFile(join(outputs, name))));
    expect(inside?.length).toBeGreaterThan(44);
    expect(inside?.equals(outside as Buffer)).toBe(true);
  });

  test("cannot read another file, nor write its input or elsewhere", async () => {
    const { input, neighbour, outputs, elsewhere, bounds } = await openRoom();
    const before = await readFile(input);
    const tries = [
      [toArguments(neighbour, join(outputs, "x.wav")), /No such file/],
      [toArguments(input, join(elsewhere, "x.wav")), /No such file/],
      [toArguments(input, "/x.wav"), /Read-only/],
      [["-y", "-f", "lavfi", "-i", "sine=duration=1", "-f", "wav", `file:${input}`], /Read-only/],
    ] as const;
    for (const [args, why] of tries) {
      await expect(runFfmpeg(ffmpeg, args, { ...bounds, confinement })).rejects.toThrow(why);
    }
    expect((await readFile(input)).equals(before)).toBe(true);
    await runFfmpeg(ffmpeg, toArguments(neighbour, join(elsewhere, "x.wav")), { ...bounds, confinement: open });
  });

  test("cannot reach the network", async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const args = ["-f", "wav", "-i", `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`, "-f", "null", "-"];
    const reach = (held: typeof confinement) => runFfmpeg(ffmpeg, args, { timeoutMs: PLENTY_MS, confinement: held });
    await expect(reach(confinement)).rejects.toMatchObject({ code: "MEDIA_FFMPEG_FAILED" });
    expect(connections).toBe(0);
    await expect(reach(open)).rejects.toMatchObject({ code: "MEDIA_FFMPEG_FAILED" });
    expect(connections).toBe(1);
  });

  test("is ended by a signal, and so is everything inside", async () => {
    const { outputs, bounds } = await openRoom();
    const controller = new AbortController();
    const args = ["-re", "-f", "lavfi", "-i", "sine=duration=600", "-f", "wav", `file:${join(outputs, "long.wav")}`];
    const run = runFfmpeg(ffmpeg, args, { ...bounds, confinement, signal: controller.signal });
    const pids = await waitForProcesses("ffmpeg", outputs);
    controller.abort(new RangeError("enough"));
    await expect(run).rejects.toThrow("enough");
    await waitUntilGone(pids);
  });
});

test.skipIf(confinement === undefined)("an input beside the output is not to be written either", async () => {
  const body = 'for last; do :; done; echo x > "$last"; echo x >> "$(dirname "$last")/call.wav"';
  const { folder, ffmpeg } = await openFakeFfmpeg(body);
  const [input, output] = [join(folder, "call.wav"), join(folder, "out.mp3")];
  await copyFile(FIXTURE, input);
  const bounds = { timeoutMs: PLENTY_MS, reads: [input], writes: [folder] };
  await expect(runFfmpeg(ffmpeg, [output], { ...bounds, confinement })).rejects.toThrow(/Read-only/);
  expect(await readFile(output, "utf8")).toBe("x\n");
  expect((await readFile(input)).equals(await readFile(FIXTURE))).toBe(true);
});

describe("a sandbox that was asked for and is none is refused", () => {
  test("nothing on PATH", async () => {
    const located = locateConfinement({ searchPath: "", sandbox: true });
    await expect(located).rejects.toMatchObject({ code: "MEDIA_SANDBOX_MISSING" });
    await expect(located).rejects.toThrow("bubblewrap is not on PATH, and systemd-run is not on PATH");
  });

  test.each([
    ["does nothing", "exit 1"],
    ["runs what it is told, and hides nothing", 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"'],
  ])("one that %s", async (_, body) => {
    const folder = await makeTemporaryFolder();
    for (const name of ["bwrap", "systemd-run"])
      await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    const located = locateConfinement({ searchPath: folder, sandbox: true });
    await expect(located).rejects.toThrow("bubblewrap does not work here, and systemd-run does not work here");
  });
});
