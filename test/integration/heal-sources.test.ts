import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openHealSource } from "../../src/compose-copies.ts";
import type { FileRole } from "../../src/core/archived-file.ts";
import { Secret } from "../../src/core/secret.ts";
import { healFile } from "../../src/fixity/heal/heal-file.ts";
import { BY, flipBit, type HealRig, makeHealRig } from "../helpers/heal-rig.ts";
import { TEST_CLOCK } from "../helpers/open-test-archive.ts";
import { openTinyS3 } from "../helpers/tiny-s3.ts";
import { openTinyVendor } from "../helpers/tiny-vendor.ts";

const RETRY = { attempts: 3, firstDelayMs: 0, maxDelayMs: 0, random: () => 0 };

function open(rig: HealRig, place: string, baseUrl = "http://127.0.0.1:1/v2") {
  const settings = {
    baseUrl,
    auth: "token",
    dialect: "documented",
    accountId: undefined,
    allowPrivateHosts: true,
    timeoutSeconds: 5,
  } as const;
  const options = { archive: rig.archive, settings, retry: RETRY, clock: TEST_CLOCK };
  return openHealSource(place, { ...options, loadApiKey: async () => new Secret("key-of-the-test") });
}

/** Removes a file and heals it from a place. */
async function healMissing(rig: HealRig, place: string, { role = "original" as FileRole, baseUrl = "" } = {}) {
  const source = await open(rig, place, baseUrl || undefined);
  try {
    const file = await rig.file(role);
    await rm(rig.pathOf(file));
    return await healFile(rig.archive, { file, findings: [] }, { ...BY, source });
  } finally {
    await source.close();
  }
}

/** The original's bytes, and a vendor that has these or others. */
async function makeVendorRig(change: (bytes: Buffer) => Buffer = (bytes) => bytes, failures = 0) {
  const rig = await makeHealRig();
  const good = await rig.read((await rig.file("original")).key);
  const bytes = change(good);
  const vendor = await openTinyVendor([{ id: "rec_1", bytes, failures }]);
  return { rig, good, vendor, origin: `${new URL(vendor.baseUrl).origin}, recording rec_1` };
}

describe("from the vendor", () => {
  test("an original comes back, patiently", async () => {
    const { rig, good, vendor, origin } = await makeVendorRig(undefined, 2);
    const outcome = await healMissing(rig, "vendor", vendor);
    expect(outcome).toEqual({ status: "healed", from: origin, quarantinedAs: undefined });
    expect(await rig.read((await rig.file("original")).key)).toEqual(good);
    expect(vendor.downloads.get("rec_1")).toBe(3);
    expect((await rig.tree()).filter((path) => path.startsWith("tmp/"))).toEqual([]);
  });

  test("other bytes than are recorded are asked for twice and not taken", async () => {
    const { rig, vendor, origin } = await makeVendorRig(flipBit);
    const outcome = await healMissing(rig, "vendor", vendor);
    expect(outcome).toEqual({
      status: "no-copy",
      tried: [{ origin, why: expect.stringMatching(/^sha256 differs for rec_1: expected \w{64}, found \w{64}$/) }],
    });
    expect(vendor.downloads.get("rec_1")).toBe(2);
    expect(await rig.tree()).toEqual(["recordings/2024/01/15/rec_1.json"]);
  });

  test("more bytes than are recorded are broken off", async () => {
    const { rig, vendor, origin } = await makeVendorRig((bytes) => Buffer.concat([bytes, bytes]));
    expect(await healMissing(rig, "vendor", vendor)).toMatchObject({
      status: "no-copy",
      tried: [{ origin, why: expect.stringContaining("size differs for rec_1") }],
    });
    expect(await rig.tree()).toEqual(["recordings/2024/01/15/rec_1.json"]);
  });

  test("what it no longer has is told of, and the key is not", async () => {
    const rig = await makeHealRig();
    const vendor = await openTinyVendor([]);
    const outcome = await healMissing(rig, "vendor", vendor);
    expect(outcome).toMatchObject({ status: "no-copy", tried: [{ why: expect.stringContaining("rec_1") }] });
    expect(JSON.stringify(outcome)).not.toContain("key-of-the-test");
  });

  test("a sidecar is not asked for", async () => {
    const { rig, vendor } = await makeVendorRig();
    expect(await healMissing(rig, "vendor", { role: "sidecar", baseUrl: vendor.baseUrl })).toEqual({
      status: "no-copy",
      tried: [],
    });
    expect(vendor.downloads.size).toBe(0);
  });
});

describe("from S3", () => {
  test("any file comes back that lies there under its key", async () => {
    const rig = await makeHealRig();
    const { key } = await rig.file("sidecar");
    const good = await rig.read(key);
    await openTinyS3({ [`vault/copies/${key}`]: good });
    const outcome = await healMissing(rig, "s3://vault/copies", { role: "sidecar" });
    expect(outcome).toEqual({ status: "healed", from: `s3://vault/copies/${key}`, quarantinedAs: undefined });
    expect(await rig.read(key)).toEqual(good);
  });

  test("an object that breaks off is tried and not taken", async () => {
    const rig = await makeHealRig();
    const { key } = await rig.file("original");
    await openTinyS3({ [`vault/${key}`]: await rig.read(key) }, { lostBytes: 1 });
    expect(await healMissing(rig, "s3://vault")).toMatchObject({
      status: "no-copy",
      tried: [{ origin: `s3://vault/${key}` }],
    });
    expect(await rig.tree()).toEqual(["recordings/2024/01/15/rec_1.json"]);
  });
});

describe("a place is refused", () => {
  const refusalOf = async (rig: HealRig, place: string) => {
    const error: unknown = await open(rig, place).catch((caught: unknown) => caught);
    return error instanceof Error && "code" in error ? `${error.code}: ${error.message}` : "not refused";
  };

  test("that shares files with the archive, also by way of a link", async () => {
    const rig = await makeHealRig();
    const link = join(rig.folder, "link");
    await symlink(join(rig.folder, "archive"), link);
    const inside = join(rig.folder, "archive", "recordings");
    for (const place of [join(rig.folder, "archive"), rig.folder, inside, link, join(link, "recordings")]) {
      const refusal = `CONFIG_INVALID: --heal cannot be used: ${place} and the archive share files, so it holds no copies of them`;
      expect(await refusalOf(rig, place)).toBe(refusal);
    }
    await mkdir(join(rig.folder, "archive-2"));
    expect(await refusalOf(rig, join(rig.folder, "archive-2"))).toBe("not refused");
  });

  test("that is no folder, or of another kind; what may be a password is not repeated", async () => {
    const rig = await makeHealRig();
    await writeFile(join(rig.folder, "file"), "");
    for (const name of ["file", "nothing", "file/below"]) {
      expect(await refusalOf(rig, join(rig.folder, name))).toContain("no folder at");
    }
    const refusal = "CONFIG_INVALID: --heal cannot be used: neither s3://bucket/prefix nor a local folder";
    for (const place of ["s3://", "s3://user:secret@vault", "https://user:secret@x/y"]) {
      expect(await refusalOf(rig, place)).toBe(refusal);
    }
  });
});
