import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SandboxFolderError } from "../../../src/sandbox/errors.ts";
import { SandboxFolder } from "../../../src/sandbox/sandbox-folder.ts";
import { SandboxStore } from "../../../src/sandbox/sandbox-store.ts";
import { STORED_RECORDING } from "./stored-recording.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";

const SEED = { seed: 4, seedCalls: 2 };
const NUMBERS = { from: "+14155550100", to: "+14155550101" };
const CALL = { callId: "call_xyz789", ...NUMBERS, direction: "outbound" as const, createdAtMs: 5 };

async function makeStore(): Promise<{ directory: string; folder: SandboxFolder; store: SandboxStore }> {
  const directory = await makeTemporaryFolder();
  const folder = new SandboxFolder(directory);
  return { directory, folder, store: SandboxStore.create(folder, SEED) };
}

describe("SandboxStore", () => {
  it("finds after loading what was put, and gives out no id twice", async () => {
    const { directory, folder, store } = await makeStore();
    const firstId = store.newId("rec");
    await Promise.all([store.putCall(CALL), store.putRecording(STORED_RECORDING)]);
    const loaded = await SandboxStore.load(folder, SEED);
    expect(loaded?.recordings()).toEqual([STORED_RECORDING]);
    expect(loaded?.call(CALL.callId)).toEqual(CALL);
    expect(loaded?.newId("rec")).not.toBe(firstId);
    expect(await readdir(join(directory, "tmp"))).toEqual([]);
  });

  it("forgets what was removed", async () => {
    const { folder, store } = await makeStore();
    await store.putRecording(STORED_RECORDING);
    await store.removeRecording(STORED_RECORDING.recordingId);
    expect((await SandboxStore.load(folder, SEED))?.recordings()).toEqual([]);
  });

  it("loads nothing from an empty folder", async () => {
    const { folder } = await makeStore();
    expect(await SandboxStore.load(folder, SEED)).toBeUndefined();
  });

  it.each([{ seed: 5 }, { seedCalls: 3 }])("refuses a folder made with other settings: %o", async (other) => {
    const { folder, store } = await makeStore();
    await store.putCall(CALL);
    await expect(SandboxStore.load(folder, { ...SEED, ...other })).rejects.toThrow(SandboxFolderError);
  });

  it.each(["no json", '{"schema":"holdfast.sandbox/2"}'])("refuses a state that it did not write: %s", async (text) => {
    const { folder } = await makeStore();
    await writeFile(folder.stateFile, text);
    await expect(SandboxStore.load(folder, SEED)).rejects.toThrow(SandboxFolderError);
  });
});
