import { createHash } from "node:crypto";
import { expect, it, onTestFinished } from "vitest";
import { FAULT_KINDS } from "../../../../src/sandbox/faults/fault-kinds.ts";
import { parseFaults } from "../../../../src/sandbox/faults/parse-faults.ts";
import type { Sandbox } from "../../../../src/sandbox/open-sandbox.ts";
import { openTestSandbox, TestClock } from "../sandbox-rig.ts";
import { makeTemporaryFolder } from "../temporary-folder.ts";

const TRIES = 60;
const STALLED_MS = 1000;
const KEY = { "X-Auth-Token": "test-key" };

/** Asks until it is answered with the bytes that are right; a client that knows the truth needs no more sense. */
async function fetchPatiently(sandbox: Sandbox, { recordingId, sha256 }: { recordingId: string; sha256: string }) {
  for (let tried = 1; tried <= TRIES; tried++) {
    const bytes = await tryFetch(`${sandbox.baseUrl}/recordings/${recordingId}/download`, tried);
    if (createHash("sha256").update(bytes).digest("hex") === sha256) return tried;
  }
  return undefined;
}

/** Returns what came, whatever it is; nothing when the transfer broke. Every other try is made in two ranges. */
async function tryFetch(url: string, tried: number): Promise<Buffer> {
  try {
    const signal = AbortSignal.timeout(STALLED_MS);
    const redirect = await fetch(url, { headers: KEY, redirect: "manual", signal });
    const link = redirect.headers.get("location") ?? "";
    const ranges = tried % 2 === 0 ? ["bytes=0-999", "bytes=1000-"] : [undefined];
    const parts: Buffer[] = [];
    for (const range of ranges) {
      const part = await fetch(link, { signal, ...(range && { headers: { Range: range } }) });
      parts.push(Buffer.from(await part.arrayBuffer()));
    }
    return Buffer.concat(parts);
  } catch {
    return Buffer.alloc(0);
  }
}

it("lets a patient client have every recording, with every kind of fault on the way", async () => {
  const seeded = { seed: 5, seedCalls: 60, formats: ["wav"], lengthSeconds: { min: 1, max: 2 } } as const;
  const directory = await makeTemporaryFolder();
  const sandbox = await openTestSandbox({
    directory,
    clock: new TestClock(),
    ...seeded,
    faults: parseFaults("mix@0.04"),
  });
  onTestFinished(() => sandbox.close());
  const list = (query: string) =>
    fetch(`${sandbox.baseUrl}/recordings?${query}`, { headers: KEY, signal: AbortSignal.timeout(STALLED_MS) });
  for (let limit = 1; limit <= 100; limit++) {
    for (const offset of [0, 30]) await list(`limit=${limit}&offset=${offset}`).catch(() => undefined);
  }
  const tries = await Promise.all(sandbox.recordings().map((truth) => fetchPatiently(sandbox, truth)));
  expect(tries).not.toContain(undefined);
  const struck = new Set<string>(sandbox.faultCounts.keys());
  expect(Object.keys(FAULT_KINDS).filter((kind) => !struck.has(kind))).toEqual(["wrong-digest", "wrong-size"]);
  expect(sandbox.leakedKeys).toBe(0);
});
