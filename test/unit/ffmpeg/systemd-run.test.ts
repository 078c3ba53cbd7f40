import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { launch } from "../../../src/ffmpeg/launch.ts";
import { toSystemdRun } from "../../../src/ffmpeg/systemd-run.ts";
import { waitForPids, waitUntilGone, writeFakeFfmpeg } from "../../helpers/fake-ffmpeg.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const BOUNDS = { reads: ['/in/a "b": c.wav'], writes: ["/out"], maxFileBytes: 1000, cpuSeconds: 1.5 };
const PLENTY_MS = 60_000;

test("the service sees its input, its output and the system, and no network", () => {
  const { args } = toSystemdRun({ path: "/systemd-run", userId: 0 }, { program: "/ffmpeg", args: ["-i", "x"] }, BOUNDS);
  expect(args.slice(-3)).toEqual(["/ffmpeg", "-i", "x"]);
  expect(args).toEqual(expect.arrayContaining(["PrivateNetwork=yes", "TemporaryFileSystem=/:ro", 'BindPaths="/out"']));
  const readable = args.find((argument) => argument.startsWith("BindReadOnlyPaths="));
  expect(readable).toMatch(/ "\/ffmpeg" "\/in\/a \\"b\\": c\.wav"$/);
});

test("who is not root asks the user's own manager, whose socket the empty environment would hide", () => {
  const { program, args } = toSystemdRun({ path: "/systemd-run", userId: 7 }, { program: "/ffmpeg", args: [] }, BOUNDS);
  expect([program, ...args].slice(0, 4)).toEqual([
    "/usr/bin/env",
    "XDG_RUNTIME_DIR=/run/user/7",
    "/systemd-run",
    "--user",
  ]);
});

/** Has the service's command run by a stand-in for systemd: in a session of its own, which outlives who asked for it. */
async function launchService(body: string, signal = AbortSignal.timeout(PLENTY_MS)) {
  const folder = await makeTemporaryFolder();
  const path = join(folder, "systemd-run");
  const service = 'exec 3<&0; setsid "$@" <&3 3<&- & exec 3<&-; wait $!';
  await writeFile(path, `while [ "$1" != -- ]; do shift; done; shift; ${service}`);
  const program = await writeFakeFfmpeg(folder, body);
  const { args } = toSystemdRun({ path, userId: 0 }, { program, args: [] }, BOUNDS);
  return { folder, ended: launch("/bin/sh", [path, ...args], { signal, lifeline: true }) };
}

test("its status and its words come through", async () => {
  const { ended } = await launchService("echo wrong >&2; exit 3");
  expect(await ended).toMatchObject({ exitCode: 3, stderr: "wrong\n" });
});

test("it ends with who asked for it, although it is no child of theirs", async () => {
  const controller = new AbortController();
  const { folder, ended } = await launchService('echo $$ > "$(dirname "$0")/pids"; exec sleep 600', controller.signal);
  const pids = await waitForPids(folder);
  controller.abort();
  expect(await ended).toMatchObject({ signal: "SIGTERM" });
  await waitUntilGone(pids);
});
