import { randomBytes } from "node:crypto";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeDataKey } from "../../../src/encryption/data-key.ts";
import { loadKeyFile } from "../../../src/encryption/load-key-file.ts";
import { LocalKeyProvider } from "../../../src/encryption/local-key-provider.ts";
import { parseKey } from "../../../src/encryption/parse-key.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

async function writeKey(content: Uint8Array | string, mode = 0o600): Promise<string> {
  const path = join(await makeTemporaryFolder(), "key");
  await writeFile(path, content);
  await chmod(path, mode);
  return path;
}

const INVALID = { code: "ENCRYPTION_KEY_INVALID" };
const key = Buffer.from(`${"f0".repeat(31)}00`, "hex");

test.each([
  ["64 hexadecimal digits", key.toString("hex")],
  ["and a line break", `${key.toString("hex").toUpperCase()}\r\n`],
  ["base64", `${key.toString("base64")}\n`],
  ["32 bytes", key],
])("a key file may hold %s", async (_, content) => {
  expect((await loadKeyFile(await writeKey(content))).export()).toEqual(key);
});

test.each([
  ["nothing", ""],
  ["a key of 128 bits in hexadecimal, which is 32 bytes long", "0123456789abcdef0123456789abcdef"],
  ["a password of 32 letters", "correct horse battery staple 123"],
  ["a key of 128 bits in base64", randomBytes(16).toString("base64")],
  ["base64 with something behind it", `${key.toString("base64")}!`],
  ["31 bytes", key.subarray(1)],
  ["33 bytes", Buffer.concat([key, Buffer.of(0xff)])],
  ["a megabyte", Buffer.alloc(1 << 20, 0xff)],
])("but not %s, which is not told either", async (_, content) => {
  const failure = await loadKeyFile(await writeKey(content)).catch((error: unknown) => error);
  expect(failure).toMatchObject({ ...INVALID, hint: expect.stringContaining("openssl rand -hex 32") });
  const text = Buffer.from(content).toString("latin1").trim();
  if (text !== "") expect(String(failure)).not.toContain(text);
});

test.each([0o640, 0o604, 0o620])("a key file of mode %o is refused", async (mode) => {
  await expect(loadKeyFile(await writeKey(key, mode))).rejects.toMatchObject({
    ...INVALID,
    hint: expect.stringContaining("chmod 600"),
  });
});

test("a file that is not there, and a folder, are refused as keys", async () => {
  const folder = await makeTemporaryFolder();
  await chmod(folder, 0o700);
  await expect(loadKeyFile(join(folder, "none"))).rejects.toMatchObject(INVALID);
  await expect(loadKeyFile(folder)).rejects.toMatchObject(INVALID);
});

test("a local key wraps and unwraps, and says so when another key wrapped", async () => {
  const [provider, other] = [new LocalKeyProvider(makeDataKey()), new LocalKeyProvider(makeDataKey())];
  const dataKey = makeDataKey();
  const wrapped = await provider.wrap(dataKey);
  expect(Buffer.from(wrapped, "base64")).toHaveLength(40);
  expect((await provider.unwrap(wrapped, provider.keyId)).equals(dataKey)).toBe(true);
  const mismatch = { code: "ENCRYPTION_KEY_MISMATCH" };
  await expect(other.unwrap(wrapped, provider.keyId)).rejects.toMatchObject(mismatch);
  await expect(other.unwrap(wrapped, other.keyId)).rejects.toMatchObject(mismatch);
  await expect(provider.unwrap("", provider.keyId)).rejects.toMatchObject(mismatch);
});

test("the id of a key is derived from it, or the operator's", () => {
  // openssl kdf -keylen 8 -kdfopt digest:SHA256 -kdfopt hexkey:f0…f000 -kdfopt info:"holdfast key id" HKDF
  expect(new LocalKeyProvider(parseKey(key, "test")).keyId).toBe("7b3a86627877d602");
  expect(new LocalKeyProvider(parseKey(key, "test"), "archive-2026").keyId).toBe("archive-2026");
});
