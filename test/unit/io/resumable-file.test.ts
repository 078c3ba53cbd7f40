import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { StorageFullError } from "../../../src/io/errors.ts";
import {
  type HeldFile,
  ResumableFile,
  readHeldBytes,
  takeHeldFile,
  toHeldName,
} from "../../../src/io/resumable-file.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

/** Leaves bytes of a stem behind, as a run does that is killed. */
function leave(folder: string, { stem = "rec_1", validator = "v1", text = "one" } = {}): string {
  const file = ResumableFile.create(join(folder, stem), validator);
  file.append(Buffer.from(text));
  file.close();
  return file.path;
}

const readText = (held: HeldFile) => {
  let text = "";
  for (const chunk of readHeldBytes(held)) text += Buffer.from(chunk).toString();
  return text;
};

const any = () => true;

test("what was left is found with its validator, read, and gone on with", async () => {
  const folder = await makeTemporaryFolder();
  const path = leave(folder, { text: "one" });
  const held = takeHeldFile(join(folder, "rec_1"), (validator) => validator === "v1");
  expect(held).toEqual({ path, validator: "v1", sizeBytes: 3 });
  if (held === undefined) return;
  expect(readText(held)).toBe("one");
  const file = ResumableFile.continue(held);
  file.append(Buffer.from("two"));
  file.close();
  expect(await readFile(path, "utf8")).toBe("onetwo");
});

test("a longer file than the buffer is read to its end", async () => {
  const folder = await makeTemporaryFolder();
  const text = "0123456789".repeat(300_000);
  leave(folder, { text });
  const held = takeHeldFile(join(folder, "rec_1"), any);
  expect(held?.sizeBytes).toBe(3_000_000);
  expect(held !== undefined && readText(held) === text).toBe(true);
});

test("beginning anew leaves nothing of what was there", async () => {
  const folder = await makeTemporaryFolder();
  leave(folder, { text: "a long text" });
  expect(await readFile(leave(folder, { text: "short" }), "utf8")).toBe("short");
});

describe("what is held for a stem", () => {
  test("is removed when it is not accepted", async () => {
    const folder = await makeTemporaryFolder();
    leave(folder);
    expect(takeHeldFile(join(folder, "rec_1"), () => false)).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  });

  test("is removed when it is empty", async () => {
    const folder = await makeTemporaryFolder();
    leave(folder, { text: "" });
    expect(takeHeldFile(join(folder, "rec_1"), any)).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  });

  test("is one of several, and the others are removed", async () => {
    const folder = await makeTemporaryFolder();
    for (const validator of ["v1", "v2", "v3"]) leave(folder, { validator });
    expect(takeHeldFile(join(folder, "rec_1"), (validator) => validator !== "v1")).toMatchObject({ sizeBytes: 3 });
    expect(await readdir(folder)).toHaveLength(1);
    expect(await readdir(folder)).not.toEqual(["rec_1.v1.partial"]);
  });

  test("is not what is held for a stem that begins alike, nor what is no held file", async () => {
    const folder = await makeTemporaryFolder();
    leave(folder, { stem: "rec_1.a" });
    leave(folder, { stem: "rec_12" });
    for (const name of ["rec_1.0123abcd.part", "rec_1.json"]) await writeFile(join(folder, name), "x");
    const before = await readdir(folder);
    expect(takeHeldFile(join(folder, "rec_1"), any)).toBeUndefined();
    expect(await readdir(folder)).toEqual(before);
    expect(takeHeldFile(join(folder, "rec_1.a"), any)).toMatchObject({ validator: "v1" });
  });

  test("is nothing where there is no folder", async () => {
    expect(takeHeldFile(join(await makeTemporaryFolder(), "none", "rec_1"), any)).toBeUndefined();
  });
});

test.each([
  ["rec_1.v1.partial", "rec_1"],
  ["rec_1.a.v1.partial", "rec_1.a"],
  ["..%2Frec.v1.partial", "..%2Frec"],
])("%s is held for %s", (name, stem) => {
  expect(toHeldName(name)).toBe(stem);
});

describe("a disk that does not take the bytes is an error of the storage", () => {
  // Only a device can be full without a mount of its own.
  test("when it is full", ({ skip }) => {
    skip(process.platform !== "linux", "only Linux has /dev/full");
    const file = ResumableFile.continue({ path: "/dev/full", validator: "v1", sizeBytes: 1 });
    expect(() => file.append(Buffer.from("x"))).toThrow(StorageFullError);
    file.close();
  });

  test("when there is no folder, or something else has the name", async () => {
    const folder = await makeTemporaryFolder();
    expect(() => leave(join(folder, "none"))).toThrow(expect.objectContaining({ code: "STORAGE_NOT_FOUND" }));
    await mkdir(join(folder, "rec_1.v1.partial"));
    expect(() => leave(folder)).toThrow(expect.objectContaining({ code: "STORAGE_UNAVAILABLE" }));
  });
});
