import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SigningKeyError } from "../../../src/signing/errors.ts";
import { parsePublicKey } from "../../../src/signing/parse-public-key.ts";
import { generateSigningKey, toOpenSshPrivateKey } from "../../../src/signing/signing-key.ts";
import { toVerifierKey, tryParseVerifierKey } from "../../../src/signing/verifier-key.ts";

const secret = generateSigningKey();
const key = secret.publicKey;
const line = key.toSshLine();

test.each([
  ["a .pub file", `${key.toSshLine("me@here")}\n`],
  ["comments around it", `# my key\n\n${line}\r\n`],
  ["an authorized_keys line", `command="echo \\"ssh-ed25519 AAAA\\" x",no-pty ${line} me`],
  ["an allowed_signers line", `ssh-admin@here namespaces="a b" ${line}`],
  ["PEM", `\n${key.toPem()}`],
  ["a verifier key", `${toVerifierKey("example.com/log", key)}\n`],
])("is read from %s", (_what, text) => {
  expect(parsePublicKey(text, "KEY").bytes).toEqual(key.bytes);
});

test.each([
  ["nothing", "", /^not a public key: KEY$/],
  ["the private key", toOpenSshPrivateKey(secret, ""), /^a private key, where the public one is needed: KEY$/],
  ["two keys", `${line}\n${line}\n`, /^more than one line/],
  ["a key cut short", line.slice(0, -4), /^not a public key/],
  [
    "a key of the wrong length inside",
    `ssh-ed25519 ${Buffer.from(key.toSsh().subarray(0, -1)).toString("base64")}`,
    /^not/,
  ],
  ["a verifier key with another's hash", toVerifierKey("a", key).replace("a+", "b+"), /^not a public key/],
  ["damaged PEM", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", /^a damaged public key/],
  ["PEM of another type", toSpki(), /^a public key of type ec, not Ed25519/],
])("of %s it is said what it is", (_what, text, message) => {
  const read = () => parsePublicKey(text, "KEY");
  expect(read).toThrow(SigningKeyError);
  expect(read).toThrow(message);
});

function toSpki(): string {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return publicKey.export({ type: "spki", format: "pem" }).toString();
}

test("texts of any kind are read or refused, and nothing else", () => {
  const piece = fc.constantFrom(
    line,
    "ssh-ed25519",
    " ",
    '"',
    "\\",
    "\n",
    "AAAA",
    "+",
    "=",
    ...key.toPem().split("\n"),
  );
  const text = fc.array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 9 }).map((all) => all.join(" "));
  fc.assert(
    fc.property(text, (any) => {
      tryParseVerifierKey(any);
      try {
        expect(parsePublicKey(any, "KEY").bytes).toEqual(key.bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(SigningKeyError);
      }
    }),
    { numRuns: 500 },
  );
});
