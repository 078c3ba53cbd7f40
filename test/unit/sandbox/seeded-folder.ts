import { cp } from "node:fs/promises";
import { onTestFinished } from "vitest";
import { parseFaults } from "../../../src/sandbox/faults/parse-faults.ts";
import type { Sandbox } from "../../../src/sandbox/open-sandbox.ts";
import type { SandboxOptions } from "../../../src/sandbox/sandbox-options.ts";
import { openTestSandbox, TestClock } from "./sandbox-rig.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";

/** Six short WAVs, which are made in no time. */
const SEEDED = { seed: 31, seedCalls: 6, formats: ["wav"], lengthSeconds: { min: 1, max: 2 } } as const;

/** Makes the recordings once. */
export async function seedFolder(directory: string): Promise<void> {
  await (await openTestSandbox({ directory, clock: new TestClock(), ...SEEDED })).close();
}

/** Starts a sandbox on a copy of the recordings, with a clock that stands still unless another is given; it ends with the test. */
export async function openSeeded(
  directory: string,
  { faults, ...options }: Omit<Partial<SandboxOptions>, "faults"> & { faults?: string } = {},
): Promise<Sandbox> {
  const copy = await makeTemporaryFolder();
  await cp(directory, copy, { recursive: true });
  const sandbox = await openTestSandbox({
    directory: copy,
    clock: new TestClock(),
    ...SEEDED,
    ...options,
    ...(faults && { faults: parseFaults(faults) }),
  });
  onTestFinished(() => sandbox.close());
  return sandbox;
}
