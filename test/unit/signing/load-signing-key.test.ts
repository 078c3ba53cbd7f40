import { chmod, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SigningKeyError } from "../../../src/signing/errors.ts";
import { loadOrMakeSigningKey, loadSigningKey } from "../../../src/signing/load-signing-key.ts";
import { generateSigningKey, toOpenSshPrivateKey } from "../../../src/signing/signing-key.ts";
import { listTree } from "../../helpers/list-tree.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

async function newKeyFile(mode: number): Promise<string> {
  const path = join(await makeTemporaryFolder(), "key");
  await writeFile(path, toOpenSshPrivateKey(generateSigningKey(), ""));
  await chmod(path, mode);
  return path;
}

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

test("makes the key in a folder of its own, and loads the same again", async () => {
  const root = await makeTemporaryFolder();
  const path = join(root, "keys", "ledger");
  const made = await loadOrMakeSigningKey(path);
  expect(await modeOf(join(root, "keys"))).toBe(0o700);
  expect(await modeOf(path)).toBe(0o600);
  expect((await loadSigningKey(path)).revealSeed()).toEqual(made.revealSeed());
  expect((await loadOrMakeSigningKey(path)).revealSeed()).toEqual(made.revealSeed());
});

test("of many that make it at once all get the key that is on disk, and nothing else is left", async () => {
  const root = await makeTemporaryFolder();
  const path = join(root, "keys", "ledger");
  const keys = await Promise.all(Array.from({ length: 20 }, () => loadOrMakeSigningKey(path)));
  const onDisk = (await loadSigningKey(path)).revealSeed();
  for (const key of keys) expect(key.revealSeed()).toEqual(onDisk);
  expect(await listTree(root)).toEqual(["keys/ledger"]);
});

test.each([0o640, 0o604, 0o620, 0o601])("a file of mode %o is refused, as ssh does", async (mode) => {
  const path = await newKeyFile(mode);
  const error = await loadSigningKey(path).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SigningKeyError);
  expect(error).toMatchObject({ message: `others can read the signing key: ${path}`, hint: `chmod 600 ${path}` });
  await expect(loadOrMakeSigningKey(path)).rejects.toThrow(SigningKeyError);
  await chmod(path, 0o400);
  expect((await loadSigningKey(path)).sign(Buffer.from("x"))).toHaveLength(64);
});

test("what stands there and is no key is refused, never replaced", async () => {
  const path = await newKeyFile(0o600);
  for (const [text, message] of [
    ["", /^not a private key/],
    ["x".repeat(64 * 1024 + 1), /^too long for a signing key/],
  ] as const) {
    await writeFile(path, text);
    await expect(loadOrMakeSigningKey(path)).rejects.toThrow(message);
    expect(await readFile(path, "utf8")).toBe(text);
  }
});

test("what is not there, is a folder, or leads nowhere is told of by name", async () => {
  const root = await makeTemporaryFolder();
  await expect(loadSigningKey(join(root, "none"))).rejects.toThrow(`there is no signing key: ${join(root, "none")}`);
  // It is not told to be made private, as others can read it: a hint that is followed on /etc does harm.
  await expect(loadOrMakeSigningKey(root)).rejects.toThrow(`a folder, not a signing key: ${root}`);
  await symlink(join(root, "none"), join(root, "link"));
  await expect(loadOrMakeSigningKey(join(root, "link"))).rejects.toThrow("there is no signing key");
  expect(await listTree(root)).toEqual(["link"]);
});
