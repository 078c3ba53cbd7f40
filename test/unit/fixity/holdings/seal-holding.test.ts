import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { openSealHolding } from "../../../../src/fixity/holdings/seal-holding.ts";
import { listExpected, listStrays, toKinds } from "../../../helpers/holding-view.ts";
import { sealFolder } from "../../../helpers/seal-folder.ts";
import { makeTemporaryFolder } from "../../../helpers/temporary-folder.ts";

const RECORDING = join(import.meta.dirname, "../../../../fixtures/audio/ok/mp3-32k-8000.mp3");
const OTHER = "f".repeat(64);

let folder: string;
const at = (name: string) => join(folder, name);

beforeEach(async () => {
  folder = await makeTemporaryFolder();
  await mkdir(at("sub"));
  await copyFile(RECORDING, at("sub/call"));
  await writeFile(at("note\n1.txt"), "one");
  await writeFile(at("-"), "dash");
  await sealFolder(folder);
});

async function change(name: string, alter: (text: string) => string): Promise<void> {
  await writeFile(at(name), alter(await readFile(at(name), "utf8")));
}

describe("a sealed folder", () => {
  it("expects what was sealed, with what the file system said of it", async () => {
    const holding = await openSealHolding(folder);
    const files = await listExpected(holding);
    expect(files.map(({ path }) => path)).toEqual([at("-"), at("note\n1.txt"), at("sub/call")]);
    expect(files[1]).toMatchObject({
      sizeBytes: 3,
      // printf one | sha256sum
      digests: [{ algorithm: "sha256", hex: "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed" }],
      trace: { sizeBytes: 3, inode: expect.stringMatching(/^\d+$/), modifiedNs: expect.stringMatching(/^\d{19}$/) },
    });
    expect(holding).toMatchObject({ noun: "sealed folder", location: folder, findings: [], remarks: [] });
    expect(holding.planned.files).toBe(3);
    expect(await listStrays(holding)).toEqual([]);
  });

  it("gives the recorded identity of recordings, whatever they are called, and of nothing else", async () => {
    const holding = await openSealHolding(folder);
    const audio = [];
    for await (const unit of holding.units()) audio.push((await holding.loadAudio?.(unit))?.get(unit.subject));
    expect(audio).toMatchObject([
      undefined,
      undefined,
      { format: "mp3", structure: { container: "mp3", defects: [] } },
    ]);
  });

  it("knows what came after it", async () => {
    await writeFile(at("sub/new"), "new");
    await writeFile(at("sub/SHA256SUMS"), "not the seal's own");
    const strays = await listStrays(await openSealHolding(folder));
    expect(strays.map(({ path }) => path)).toEqual([at("sub/SHA256SUMS"), at("sub/new")]);
  });

  it("can be reached as long as a part of its seal is there", async () => {
    const holding = await openSealHolding(folder);
    await rm(at("SHA256SUMS"));
    expect(await holding.isReachable()).toBe(true);
    await rm(at("holdfast-seal.json"));
    expect(await holding.isReachable()).toBe(false);
  });
});

describe("a seal that was changed", () => {
  it("tells of a digest in SHA256SUMS that is another, and wants both", async () => {
    await change("SHA256SUMS", (text) => text.replace(/[0-9a-f]{64}(?= {2}sub)/, OTHER));
    const holding = await openSealHolding(folder);
    const [, , call] = await listExpected(holding);
    expect(call?.digests.map(({ hex }) => hex)).toEqual([expect.not.stringMatching(OTHER), OTHER]);
    expect(toKinds(holding)).toEqual([
      ["manifest-invalid", at("SHA256SUMS")],
      ["manifest-invalid", at("SHA256SUMS")],
    ]);
    expect(holding.findings[0]?.detail).toMatchObject({ algorithm: "sha256" });
  });

  it("tells of a digest in the seal that is another, though SHA256SUMS is as it was", async () => {
    await change("holdfast-seal.json", (text) => text.replace(/("sub\/call".*?"sha256":")[0-9a-f]{64}/, `$1${OTHER}`));
    const holding = await openSealHolding(folder);
    expect(toKinds(holding)).toEqual([["manifest-invalid", at("SHA256SUMS")]]);
    expect((await listExpected(holding))[2]?.digests).toHaveLength(2);
  });

  it("expects a file that one of its records alone names", async () => {
    await change("SHA256SUMS", (text) => text.replace(/^.* {2}sub\/call\n/m, `${OTHER}  added\n`));
    const holding = await openSealHolding(folder);
    const paths = (await listExpected(holding)).map(({ path }) => path);
    expect(paths.toSorted()).toEqual([at("-"), at("added"), at("note\n1.txt"), at("sub/call")].toSorted());
    expect(toKinds(holding)).toEqual([
      ["manifest-invalid", at("SHA256SUMS")],
      ["manifest-invalid", at("SHA256SUMS")],
      ["manifest-invalid", at("holdfast-seal.json")],
    ]);
  });

  it("goes by the seal when SHA256SUMS is gone", async () => {
    await rm(at("SHA256SUMS"));
    const holding = await openSealHolding(folder);
    expect(toKinds(holding)).toEqual([["missing", at("SHA256SUMS")]]);
    expect(await listExpected(holding)).toHaveLength(3);
  });

  it.each([
    ["is no JSON", () => "{"],
    ["is null", () => "null"],
    ["is of another form", (text: string) => text.replace("holdfast.seal/1", "holdfast.seal/2")],
    ["has a file without a digest", (text: string) => text.replace(/"sha256":"[0-9a-f]{63}/g, '"sha256":"')],
    ["has a file without a name", (text: string) => text.replace('"path"', '"name"')],
    ["has a size that is none", (text: string) => text.replace('"sizeBytes":3', '"sizeBytes":"3"')],
    ["has a NUL in a name", (text: string) => text.replace('"sub/call"', '"sub/\\u0000call"')],
  ])("goes by SHA256SUMS when the seal %s", async (_, alter) => {
    await change("holdfast-seal.json", alter);
    const holding = await openSealHolding(folder);
    expect(toKinds(holding)).toEqual([["manifest-invalid", at("holdfast-seal.json")]]);
    expect((await listExpected(holding)).map(({ path }) => path)).toEqual([at("-"), at("note\n1.txt"), at("sub/call")]);
  });

  it("never reads what lies outside", async () => {
    await change("holdfast-seal.json", (text) => text.replace('"sub/call"', '"../call"'));
    const holding = await openSealHolding(folder);
    expect(toKinds(holding)).toContainEqual(["unsafe-path", "../call"]);
    expect((await listExpected(holding)).map(({ path }) => path)).not.toContain(at("../call"));
  });

  it("leaves a record of audio aside that cannot be read", async () => {
    await change("holdfast-seal.json", (text) => text.replace('"container":"mp3"', '"container":"tape"'));
    const holding = await openSealHolding(folder);
    for await (const unit of holding.units()) expect((await holding.loadAudio?.(unit))?.size).toBe(0);
  });
});
