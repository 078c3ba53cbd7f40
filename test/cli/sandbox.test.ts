import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { expect, onTestFinished, test } from "vitest";
import { FAULT_KINDS } from "../../src/sandbox/faults/fault-kinds.ts";
import { finish, runHoldfast, startHoldfast } from "../helpers/run-holdfast.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

test("help lists every kind of fault", async () => {
  const { code, stdout } = await runHoldfast(["sandbox", "--help"], { cwd: await makeTemporaryFolder() });
  expect(code).toBe(0);
  expect(Object.keys(FAULT_KINDS).filter((kind) => !stdout.includes(`\n  ${kind}`))).toEqual([]);
});

test("a fault that cannot be read is one error, which names it and the kinds, and nothing is made", async () => {
  const cwd = await makeTemporaryFolder();
  const { code, stderr } = await runHoldfast(["sandbox", "--fault", "reset@0.1,flop"], { cwd });
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /^holdfast: fault "flop" names no kind \(CONFIG_INVALID\)\nholdfast: hint: .*redirect-ftp.*\n$/,
  );
  expect(await readdir(cwd)).toEqual([]);
});

test("a sandbox with faults serves, and tells its address and its account", async () => {
  const cwd = await makeTemporaryFolder();
  const child = startHoldfast(["sandbox", "--seed-calls", "0", "--fault", "429=3/list", "--json"], { cwd });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = finish(child);
  const [line] = await once(child.stdout ?? child, "data");
  const { baseUrl, accountId } = JSON.parse(String(line));
  expect(accountId).toMatch(/^[0-9a-f]{32}$/);
  const reply = await fetch(`${baseUrl}/recordings`, { headers: { "X-Auth-Token": "sandbox-key" } });
  expect({ status: reply.status, retryAfter: reply.headers.get("retry-after") }).toEqual({
    status: 429,
    retryAfter: "3",
  });
  child.kill("SIGINT");
  expect((await ended).code).not.toBeNull();
});
