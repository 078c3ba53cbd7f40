import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { generateSigningKey, parseSigningKey, type SigningKey } from "../../../src/signing/signing-key.ts";
import { toSshSignature, verifySshSignature } from "../../../src/signing/ssh-signature.ts";
import { toSshString } from "../../../src/signing/ssh-wire.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { HAS_SSH_KEYGEN, makeKeyFile, NO_SSH_KEYGEN, runProgram, signByProgram } from "./programs.ts";

const key = generateSigningKey();
const namespace = "holdfast";
const DATA = Buffer.from("what is signed\n");
const armored = toSshSignature(DATA, { key, namespace });
const BLOB = Buffer.from(armored.replace(/-----[^-]+-----/g, ""), "base64");

const toText = (blob: Uint8Array) =>
  `-----BEGIN SSH SIGNATURE-----\n${Buffer.from(blob).toString("base64")}\n-----END SSH SIGNATURE-----\n`;
const problemOf = (text: string, data: Uint8Array = DATA) => verifySshSignature(text, data, { namespace });

test("its own signature is verified, and names the key", () => {
  expect(problemOf(armored)).toEqual({ publicKey: key.publicKey });
  expect(problemOf(toText(BLOB))).toEqual({ publicKey: key.publicKey });
});

test.each([
  ["of other bytes", armored, Buffer.from("other"), /not of these bytes/],
  ["of another purpose", toSshSignature(DATA, { key, namespace: "git" }), DATA, /not made for holdfast/],
  ["of nothing", "", DATA, /not an SSH signature/],
  ["of a later version", toText(patched(9, 2)), DATA, /version 2/],
  ["of an earlier version", toText(patched(9, 0)), DATA, /version 0/],
  ["with more behind it", toText(Buffer.concat([BLOB, Buffer.from("x")])), DATA, /damaged/],
  ["with text before it", `x${armored}`, DATA, /not an SSH signature/],
  ["with text behind it", `${armored}x`, DATA, /not an SSH signature/],
  ["with another last line", armored.replace("END SSH", "END GPG"), DATA, /not an SSH signature/],
  ["over a hash that the format does not allow", toText(hashing("sha384")), DATA, /hash that is not known/],
  ["with something in the field that is reserved", toText(reserving()), DATA, /not of these bytes/],
])("a signature %s is none", (_what, text, data, problem) => {
  expect(problemOf(text, data)).toEqual({ problem: expect.stringMatching(problem) });
});

function patched(at: number, byte: number): Buffer {
  const blob = Buffer.from(BLOB);
  blob[at] = byte;
  return blob;
}

function reserving(): Buffer {
  const at = BLOB.indexOf(toSshString(namespace)) + toSshString(namespace).length;
  return Buffer.concat([BLOB.subarray(0, at), toSshString("x"), BLOB.subarray(at + 4)]);
}

/** Sound but for the hash. */
function hashing(hash: string): Buffer {
  const terms = [namespace, "", hash];
  const digest = createHash(hash).update(DATA).digest();
  const signed = Buffer.concat([Buffer.from("SSHSIG"), ...[...terms, digest].map(toSshString)]);
  const signature = Buffer.concat([toSshString("ssh-ed25519"), toSshString(key.sign(signed))]);
  return Buffer.concat([BLOB.subarray(0, 10), ...[key.publicKey.toSsh(), ...terms, signature].map(toSshString)]);
}

test("no changed signature is verified", () => {
  fc.assert(
    fc.property(fc.nat(BLOB.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
      expect(problemOf(toText(patched(at, (BLOB[at] ?? 0) ^ mask)))).toHaveProperty("problem");
    }),
    { numRuns: 1000 },
  );
  for (let length = 0; length < BLOB.length; length += 1) {
    expect(problemOf(toText(BLOB.subarray(0, length)))).toHaveProperty("problem");
  }
});

test("nonsense is a problem, never thrown", () => {
  const bytes = fc.uint8Array({ maxLength: 200 });
  fc.assert(
    fc.property(bytes, bytes, fc.string({ maxLength: 5 }), (tail, data, text) => {
      for (const any of [text, armored + text, toText(tail), toText(Buffer.concat([BLOB.subarray(0, 10), tail]))]) {
        expect(problemOf(any, data)).toHaveProperty("problem");
      }
    }),
  );
});

describe.skipIf(!HAS_SSH_KEYGEN)(`beside ssh-keygen${NO_SSH_KEYGEN}`, () => {
  async function verifyByProgram(signature: string, data: string, signer: SigningKey): Promise<number | null> {
    const folder = await makeTemporaryFolder();
    const [allowed, signed] = [join(folder, "allowed"), join(folder, "signature")];
    await writeFile(allowed, `me@here namespaces="${namespace}" ${signer.publicKey.toSshLine()}\n`);
    await writeFile(signed, signature);
    const check = ["-Y", "check-novalidate", "-n", namespace, "-s", signed];
    const verify = ["-Y", "verify", "-f", allowed, "-I", "me@here", "-n", namespace, "-s", signed];
    const statuses = [check, verify].map((args) => runProgram("ssh-keygen", args, data).status);
    expect(statuses[0]).toBe(statuses[1]);
    return statuses[1] ?? null;
  }

  test("it verifies ours, and of these bytes alone", async () => {
    for (const data of ["", "text\n", "x".repeat(100_000)]) {
      const signature = toSshSignature(Buffer.from(data), { key, namespace });
      expect(await verifyByProgram(signature, data, key)).toBe(0);
      expect(await verifyByProgram(signature, `${data}x`, key)).not.toBe(0);
    }
  });

  test.each(["sha512", "sha256"])(
    "its signatures over %s are verified, and ours are the same letters",
    async (hash) => {
      const path = makeKeyFile(await makeTemporaryFolder());
      const theirs = parseSigningKey(await readFile(path, "utf8"), path);
      const signature = await signByProgram(path, DATA.toString(), { namespace, hash });
      expect(problemOf(signature)).toEqual({ publicKey: theirs.publicKey });
      expect(problemOf(signature, Buffer.from("other"))).toHaveProperty("problem");
      // Ed25519 has no randomness in it, so only the hash can differ.
      const isSame = toSshSignature(DATA, { key: theirs, namespace }) === signature;
      expect(isSame).toBe(hash === "sha512");
    },
  );

  test.each(["rsa", "ecdsa"])("signatures of an %s key are refused", async (type) => {
    const path = makeKeyFile(await makeTemporaryFolder(), type);
    const signature = await signByProgram(path, DATA.toString(), { namespace });
    expect(problemOf(signature)).toEqual({ problem: "not made with an Ed25519 key" });
  });
});
