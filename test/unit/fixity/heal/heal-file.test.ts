import { createHash } from "node:crypto";
import { lstat, mkdir, readFile, readlink, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { FileRole } from "../../../../src/core/archived-file.ts";
import type { Finding } from "../../../../src/core/finding.ts";
import { FolderHealSource } from "../../../../src/fixity/heal/folder-heal-source.ts";
import { healFile } from "../../../../src/fixity/heal/heal-file.ts";
import type { HealSource } from "../../../../src/fixity/heal/heal-source.ts";
import { StorageUnavailableError } from "../../../../src/io/errors.ts";
import { BY, flipBit, type HealRig, makeHealRig, OPERATOR } from "../../../helpers/heal-rig.ts";

const FINDING: Finding = { kind: "digest-mismatch", subject: "x", message: "it differs", detail: {} };
const DAY = "recordings/2024/01/15";

function heal(rig: HealRig, role: FileRole, source: HealSource = new FolderHealSource(rig.copy)) {
  return rig.file(role).then((file) => healFile(rig.archive, { file, findings: [FINDING] }, { ...BY, source }));
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Flips a bit of a file and gives what it was before and is now. */
async function damage(rig: HealRig, role: FileRole) {
  const file = await rig.file(role);
  const good = await rig.read(file.key);
  const bad = flipBit(good);
  await writeFile(rig.pathOf(file), bad);
  return { file, good, bad };
}

describe("a file is healed", () => {
  test.each(["original", "sidecar"] as const)("whose bytes changed: %s", async (role) => {
    const rig = await makeHealRig();
    const { file, good, bad } = await damage(rig, role);
    const outcome = await heal(rig, role);
    const quarantinedAs = `quarantine/rec_1.${sha256Of(bad).slice(0, 16)}`;
    expect(outcome).toEqual({ status: "healed", from: join(rig.copy, file.key), quarantinedAs });
    expect(await rig.read(file.key)).toEqual(good);
    expect(await rig.read(quarantinedAs)).toEqual(bad);
    expect(JSON.parse((await rig.read(`${quarantinedAs}.json`)).toString())).toEqual({
      schema: "holdfast.quarantine/1",
      reason: "damaged",
      recordingId: "rec_1",
      role,
      key: file.key,
      quarantinedAt: "2026-03-01T12:00:00.000Z",
      by: OPERATOR,
      label: expect.any(String),
      sizeBytes: bad.length,
      sha256: sha256Of(bad),
      recorded: { sizeBytes: good.length, sha256: sha256Of(good) },
      findings: [FINDING],
      healedFrom: join(rig.copy, file.key),
    });
    expect(await rig.tree()).toEqual(
      [quarantinedAs, `${quarantinedAs}.json`, `${DAY}/rec_1.json`, `${DAY}/rec_1.mp3`].toSorted(),
    );
  });

  test("that is gone, with its folder", async () => {
    const rig = await makeHealRig();
    const file = await rig.file("original");
    const good = await rig.read(file.key);
    await rm(join(rig.folder, "archive", "recordings"), { recursive: true });
    expect(await heal(rig, "original")).toMatchObject({ status: "healed", quarantinedAs: undefined });
    expect(await rig.read(file.key)).toEqual(good);
    expect(await rig.tree()).toEqual([file.key]);
  });

  test("in whose place a symbolic link stands, which is moved and not followed", async () => {
    const rig = await makeHealRig();
    const file = await rig.file("original");
    const elsewhere = join(rig.folder, "elsewhere.mp3");
    await rename(rig.pathOf(file), elsewhere);
    await symlink(elsewhere, rig.pathOf(file));
    const outcome = await heal(rig, "original");
    const quarantinedAs = "quarantine/rec_1.20260301T120000000Z";
    expect(outcome).toMatchObject({ status: "healed", quarantinedAs });
    expect(await readlink(join(rig.folder, "archive", quarantinedAs))).toBe(elsewhere);
    expect((await lstat(rig.pathOf(file))).isFile()).toBe(true);
    expect(await rig.read(file.key)).toEqual(await readFile(elsewhere));
  });

  test("in whose place a folder stands, which is moved with all that is in it", async () => {
    const rig = await makeHealRig();
    const file = await rig.file("original");
    await rm(rig.pathOf(file));
    await mkdir(rig.pathOf(file));
    await writeFile(join(rig.pathOf(file), "inside"), "kept");
    const outcome = await heal(rig, "original");
    expect(outcome).toMatchObject({ status: "healed", quarantinedAs: "quarantine/rec_1.20260301T120000000Z" });
    expect((await rig.read("quarantine/rec_1.20260301T120000000Z/inside")).toString()).toBe("kept");
  });

  test("from the first copy that fits, whatever else the source has", async () => {
    const rig = await makeHealRig();
    const { good, bad } = await damage(rig, "original");
    const read = (bytes: Buffer) =>
      async function* () {
        yield bytes;
      };
    const source = sourceOf([
      { origin: "cut", read: read(good.subarray(0, -1)) },
      { origin: "grown", read: read(Buffer.concat([good, good])) },
      { origin: "flipped", read: read(bad) },
      { origin: "good", read: read(good) },
    ]);
    expect(await heal(rig, "original", source)).toMatchObject({ status: "healed", from: "good" });
  });

  test("again and again, and nothing in quarantine is lost", async () => {
    const rig = await makeHealRig();
    const { bad } = await damage(rig, "original");
    await heal(rig, "original");
    await damage(rig, "original");
    const name = `quarantine/rec_1.${sha256Of(bad).slice(0, 16)}`;
    expect(await heal(rig, "original")).toMatchObject({ status: "healed", quarantinedAs: `${name}.2` });
    expect((await rig.tree()).filter((path) => path.startsWith("quarantine"))).toEqual([
      name,
      `${name}.2`,
      `${name}.2.json`,
      `${name}.json`,
    ]);
  });
});

describe("nothing is touched", () => {
  test("when the recorded bytes stand there by now", async () => {
    const rig = await makeHealRig();
    const before = await rig.tree();
    expect(await heal(rig, "original")).toEqual({ status: "sound" });
    expect(await rig.tree()).toEqual(before);
  });

  test("when no copy fits, and each is told of", async () => {
    const rig = await makeHealRig();
    const { file, good, bad } = await damage(rig, "original");
    await writeFile(join(rig.copy, file.key), bad);
    await writeFile(join(rig.folder, "gone"), "");
    const source = sourceOf(
      [
        { origin: "empty", read: async function* () {} },
        {
          origin: "long",
          read: async function* () {
            yield Buffer.concat([good, good]);
          },
        },
        {
          origin: "flipped",
          read: async function* () {
            yield bad;
          },
        },
        {
          origin: "broken",
          read: () => {
            throw new StorageUnavailableError("EIO for /mnt/x");
          },
        },
      ],
      new StorageUnavailableError("the cable is out"),
    );
    expect(await heal(rig, "original", source)).toEqual({
      status: "no-copy",
      tried: [
        { origin: "empty", why: `it has 0 bytes instead of ${good.length}` },
        { origin: "long", why: `it has more than ${good.length} bytes` },
        { origin: "flipped", why: `its sha256 is ${sha256Of(bad)} instead of ${sha256Of(good)}` },
        { origin: "broken", why: "EIO for /mnt/x" },
        { origin: "test", why: "the cable is out" },
      ],
    });
    expect(await rig.read(file.key)).toEqual(bad);
    expect(await rig.tree()).toEqual([`${DAY}/rec_1.json`, `${DAY}/rec_1.mp3`]);
  });

  test("when a source has nothing at all", async () => {
    const rig = await makeHealRig();
    await truncate(rig.pathOf(await rig.file("original")), 10);
    expect(await heal(rig, "original", sourceOf([]))).toEqual({ status: "no-copy", tried: [] });
  });

  test("when the run is cancelled while a copy comes", async () => {
    const rig = await makeHealRig();
    const { file, good, bad } = await damage(rig, "original");
    const abort = new AbortController();
    const read = async function* () {
      yield good.subarray(0, 10);
      abort.abort(new Error("enough"));
      yield good.subarray(10);
    };
    const options = { ...BY, source: sourceOf([{ origin: "slow", read }]), signal: abort.signal };
    await expect(healFile(rig.archive, { file, findings: [] }, options)).rejects.toThrow("enough");
    expect(await rig.read(file.key)).toEqual(bad);
    expect(await rig.tree()).toEqual([`${DAY}/rec_1.json`, `${DAY}/rec_1.mp3`]);
  });
});

/** A source that gives these and then, if it is told to, fails. */
function sourceOf(
  candidates: readonly { readonly origin: string; readonly read: () => AsyncIterable<Uint8Array> }[],
  failure?: Error,
): HealSource {
  return {
    traits: { location: "test" },
    async *candidates() {
      yield* candidates;
      if (failure !== undefined) throw failure;
    },
    close: async () => undefined,
  };
}
