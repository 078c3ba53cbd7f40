import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { measure } from "../../../benchmarks/harness/measure.ts";
import { Workspace } from "../../../benchmarks/harness/workspace.ts";

let workspace: Workspace;
beforeAll(async () => {
  workspace = await Workspace.create("test");
});
afterAll(() => workspace.remove());

const never = new AbortController().signal;

function toShell(script: string, environment: Record<string, string> = {}) {
  return { argv: ["/bin/sh", "-c", script], folder: workspace.path("work"), environment } as const;
}

describe("measure", () => {
  it("gives what a command printed and how it ended", async () => {
    const command = toShell('echo "$PLACE"; pwd >&2; exit 3', { PLACE: "here" });
    const { ended } = await measure(command, { logFolder: workspace.root, signal: never });
    expect(ended).toEqual({ exitCode: 3, stdout: "here\n", stderr: `${workspace.path("work")}\n` });
  });

  it("keeps the user's own settings from it", async () => {
    process.env["HOLDFAST_TEST_SETTING"] = "mine";
    const { ended } = await measure(toShell("env"), { logFolder: workspace.root, signal: never });
    delete process.env["HOLDFAST_TEST_SETTING"];
    expect(ended.stdout).toContain("LC_ALL=C");
    expect(ended.stdout).not.toContain("HOLDFAST_TEST_SETTING");
  });

  it("counts the CPU time of grandchildren that were waited for", async () => {
    const busy = "i=0; while [ $i -lt 300000 ]; do i=$((i + 1)); done";
    const { figures } = await measure(toShell(`sh -c '${busy}'; true`), { logFolder: workspace.root, signal: never });
    expect(figures.cpuSeconds).toBeGreaterThan(0);
  });

  it("ends all that was started when it is told to stop, also what has a session of its own", async () => {
    const stopping = new AbortController();
    const command = toShell("setsid sh -c 'echo $$ > pid; sleep 60; true' & wait");
    const running = measure(command, { logFolder: workspace.root, signal: stopping.signal });
    const pidFile = workspace.path("work", "pid");
    while (!existsSync(pidFile) || (await readFile(pidFile, "utf8")) === "") await sleep(10);
    const pid = Number(await readFile(pidFile, "utf8"));
    stopping.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
    expect(isRunning(await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ""))).toBe(false);
  });
});

/** A dead process that nobody waits for keeps an entry in state Z. */
function isRunning(stat: string): boolean {
  return stat !== "" && !/\) Z /.test(stat);
}
