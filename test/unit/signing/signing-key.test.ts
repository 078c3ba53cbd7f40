import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SigningKeyError } from "../../../src/signing/errors.ts";
import { parsePublicKey } from "../../../src/signing/parse-public-key.ts";
import {
  generateSigningKey,
  parseSigningKey,
  SigningKey,
  toOpenSshPrivateKey,
} from "../../../src/signing/signing-key.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { HAS_OPENSSL, HAS_SSH_KEYGEN, makeKeyFile, NO_OPENSSL, NO_SSH_KEYGEN, runProgram } from "./programs.ts";

const hex = (text: string) => Buffer.from(text, "hex");

function problemOf(text: string): SigningKeyError {
  try {
    parseSigningKey(text, "KEY");
  } catch (error) {
    if (error instanceof SigningKeyError) return error;
    throw error;
  }
  throw new Error("it was read");
}

test("signs as RFC 8032 section 7.1 (test 2) says", () => {
  const key = new SigningKey(hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
  const signature = hex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  );
  expect(key.publicKey.bytes).toEqual(hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
  expect(key.sign(hex("72"))).toEqual(signature);
  expect(key.publicKey.verify(hex("72"), signature)).toBe(true);
  expect(key.publicKey.verify(hex("73"), signature)).toBe(false);
  expect(key.publicKey.verify(hex("72"), signature.subarray(1))).toBe(false);
});

test("a key never shows its secret", () => {
  const key = generateSigningKey();
  const shown = [JSON.stringify({ key }), inspect({ key }, { depth: 9, showHidden: true }), `${key}`, String([key])];
  const seed = key.revealSeed();
  for (const text of shown) {
    expect(text).toContain("[redacted]");
    for (const form of ["hex", "base64", "base64url"] as const) expect(text).not.toContain(seed.toString(form));
  }
});

test("what was written is read, with any comment", () => {
  for (const comment of ["", "a", "two words", "é".repeat(9)]) {
    const key = generateSigningKey();
    const text = toOpenSshPrivateKey(key, comment);
    expect(parseSigningKey(`\n${text.replaceAll("\n", "\r\n")}`, "KEY").revealSeed()).toEqual(key.revealSeed());
  }
});

test.skipIf(!HAS_OPENSSL)(`a PKCS#8 key of openssl is read${NO_OPENSSL}`, () => {
  const pem = runProgram("openssl", ["genpkey", "-algorithm", "ed25519"]).text;
  const key = parseSigningKey(pem, "KEY");
  expect(runProgram("openssl", ["pkey", "-pubout"], pem).text).toBe(key.publicKey.toPem());
  const encrypted = runProgram("openssl", ["pkcs8", "-topk8", "-passout", "pass:secret"], pem).text;
  expect(problemOf(encrypted)).toMatchObject({ message: "the private key has a passphrase: KEY" });
  expect(problemOf(encrypted).hint).toContain("ssh-keygen -p");
});

test.each([
  ["nothing", "", "not a private key: KEY"],
  ["words", "hunter2", "not a private key: KEY"],
  ["a public key", generateSigningKey().publicKey.toPem(), "a public key, where the private one is needed: KEY"],
  ["a .pub file", generateSigningKey().publicKey.toSshLine("x"), "a public key, where the private one is needed: KEY"],
  ["PEM around nothing", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----", "a damaged private key: KEY"],
  ["another type", toPkcs8("x25519"), "a private key of type x25519, not Ed25519: KEY"],
  ["another form", "-----BEGIN RSA PRIVATE KEY-----\n", "a private key of type RSA, not Ed25519: KEY"],
])("says of %s what it is", (_what, text, message) => {
  expect(problemOf(text)).toMatchObject({ code: "SIGNING_KEY_INVALID", message });
});

function toPkcs8(type: "x25519"): string {
  return generateKeyPairSync(type).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

test("halves that do not belong together are refused", () => {
  const [one, other] = [generateSigningKey(), generateSigningKey()];
  // As a whole the key is sound: both places name the other's public half.
  const mixed = { revealSeed: () => one.revealSeed(), publicKey: other.publicKey } as SigningKey;
  expect(problemOf(toOpenSshPrivateKey(mixed, ""))).toMatchObject({
    message: "a private key whose halves do not belong together: KEY",
  });
});

test("of a changed file no key is read, unless the comment alone was changed", () => {
  const key = generateSigningKey();
  const bytes = Buffer.from(toOpenSshPrivateKey(key, "comment").replace(/-----[^-]+-----/g, ""), "base64");
  const [begin, end] = ["-----BEGIN OPENSSH PRIVATE KEY-----\n", "\n-----END OPENSSH PRIVATE KEY-----\n"];
  const commentAt = bytes.indexOf("comment");
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 0x01;
    const text = begin + changed.toString("base64") + end;
    const isComment = at >= commentAt && at < commentAt + "comment".length;
    if (isComment) expect(parseSigningKey(text, "KEY").revealSeed()).toEqual(key.revealSeed());
    else expect.soft(problemOf(text).code, `byte ${at}`).toBe("SIGNING_KEY_INVALID");
    expect(problemOf(begin + bytes.toString("base64", 0, at) + end).code).toBe("SIGNING_KEY_INVALID");
  }
});

test("texts of any kind are read or refused, and nothing else", () => {
  const piece = fc.constantFrom(
    "-----BEGIN ",
    "-----END ",
    "OPENSSH PRIVATE KEY",
    "PRIVATE KEY",
    "-----",
    "\n",
    "AAAA",
    "=",
  );
  const text = fc.array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 9 }).map((all) => all.join(""));
  fc.assert(fc.property(text, (any) => void expect(problemOf(any).code).toBe("SIGNING_KEY_INVALID")));
});

describe.skipIf(!HAS_SSH_KEYGEN)(`beside ssh-keygen${NO_SSH_KEYGEN}`, () => {
  test("its keys are read, and it reads ours", async () => {
    const folder = await makeTemporaryFolder();
    const theirs = makeKeyFile(folder);
    const key = parseSigningKey(await readFile(theirs, "utf8"), theirs);
    expect(await readFile(`${theirs}.pub`, "utf8")).toBe(`${key.publicKey.toSshLine("a b")}\n`);
    const ours = join(folder, "ours");
    await writeFile(ours, toOpenSshPrivateKey(key, "c d"), { mode: 0o600 });
    expect(runProgram("ssh-keygen", ["-y", "-f", ours])).toEqual({
      status: 0,
      text: `${key.publicKey.toSshLine("c d")}\n`,
    });
    // The same bytes but for the four random ones, so lines are broken and padded alike.
    const written = toOpenSshPrivateKey(key, "a b").split("\n");
    expect(written.map((line) => line.length)).toEqual(
      (await readFile(theirs, "utf8")).split("\n").map((l) => l.length),
    );
  });

  test("a key with a passphrase is refused, and the hint makes it one that is read", async () => {
    const path = makeKeyFile(await makeTemporaryFolder(), "ed25519", "secret");
    const error = problemOf(await readFile(path, "utf8"));
    expect(error.message).toBe("the private key has a passphrase: KEY");
    await chmod(path, 0o600);
    expect(runProgram("ssh-keygen", ["-p", "-P", "secret", "-N", "", "-f", path]).status).toBe(0);
    expect(parseSigningKey(await readFile(path, "utf8"), path)).toBeInstanceOf(SigningKey);
  });

  test.each(["rsa", "ecdsa"])("an %s key is refused by its type", async (type) => {
    const path = makeKeyFile(await makeTemporaryFolder(), type);
    expect(problemOf(await readFile(path, "utf8")).message).toMatch(
      /^a private key of type (ssh-rsa|ecdsa-sha2-nistp256), not/,
    );
    const line = await readFile(`${path}.pub`, "utf8");
    expect(() => parsePublicKey(line, "KEY")).toThrow(
      /^a public key of type (ssh-rsa|ecdsa-sha2-nistp256), not Ed25519: KEY$/,
    );
  });
});

test("a key of openssl and one of ours sign alike", () => {
  const key = generateSigningKey();
  const head = hex("302e020100300506032b657004220420");
  const again = createPrivateKey({ key: Buffer.concat([head, key.revealSeed()]), format: "der", type: "pkcs8" });
  const pem = again.export({ type: "pkcs8", format: "pem" }).toString();
  expect(parseSigningKey(pem, "KEY").sign(hex("00"))).toEqual(key.sign(hex("00")));
});
