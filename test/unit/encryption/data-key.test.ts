import { createSecretKey } from "node:crypto";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { makeDataKey, unwrapKey, wrapKey } from "../../../src/encryption/data-key.ts";

const toKey = (hex: string) => createSecretKey(Buffer.from(hex, "hex"));

/** RFC 3394 sections 4.1, 4.3 and 4.6. */
test.each([
  {
    kek: "000102030405060708090A0B0C0D0E0F",
    key: "00112233445566778899AABBCCDDEEFF",
    wrapped: "1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5",
  },
  {
    kek: "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
    key: "00112233445566778899AABBCCDDEEFF",
    wrapped: "64E8C3F9CE0F5BA263E9777905818A2A93C8191E7D6E8AE7",
  },
  {
    kek: "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
    key: "00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F",
    wrapped: "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21",
  },
])("RFC 3394: $key wrapped with $kek", ({ kek, key, wrapped }) => {
  expect(wrapKey(toKey(key), toKey(kek)).toString("hex").toUpperCase()).toBe(wrapped);
  expect(unwrapKey(Buffer.from(wrapped, "hex"), toKey(kek)).export().toString("hex").toUpperCase()).toBe(key);
});

test("another key, a changed and a cut wrapping are found", () => {
  const [dataKey, kek] = [makeDataKey(), makeDataKey()];
  const wrapped = wrapKey(dataKey, kek);
  const changed = Buffer.from(wrapped);
  changed[20] = (changed[20] ?? 0) ^ 1;
  const mismatch = expect.objectContaining({ code: "ENCRYPTION_KEY_MISMATCH" });
  expect(() => unwrapKey(wrapped, makeDataKey())).toThrow(mismatch);
  for (const bytes of [changed, wrapped.subarray(0, 32), wrapped.subarray(0, 39), new Uint8Array()]) {
    expect(() => unwrapKey(bytes, kek)).toThrow(mismatch);
  }
  expect(unwrapKey(wrapped, kek).equals(dataKey)).toBe(true);
});

test("a data key is random, and does not show itself", () => {
  const key = makeDataKey();
  expect(key.symmetricKeySize).toBe(32);
  expect(key.equals(makeDataKey())).toBe(false);
  const shown = inspect(key) + JSON.stringify({ key }) + String(key);
  for (const encoding of ["hex", "base64"] as const) expect(shown).not.toContain(key.export().toString(encoding));
});
