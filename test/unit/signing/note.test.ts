import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openNote, signNote } from "../../../src/signing/note.ts";
import { generateSigningKey, SigningKey } from "../../../src/signing/signing-key.ts";
import { toKeyHash, toVerifierKey, tryParseVerifierKey, type Verifier } from "../../../src/signing/verifier-key.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { HAS_OPENSSL, NO_OPENSSL, runProgram } from "./programs.ts";

function verifier(text: string): Verifier {
  const parsed = tryParseVerifierKey(text);
  if (parsed === undefined) throw new Error(`no verifier key: ${text}`);
  return parsed;
}

// The example of Go's golang.org/x/mod/sumdb/note, whose private key is public.
const NEUMANN = verifier("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
const NEUMANN_SEED = Buffer.from("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz", "base64").subarray(1);
const NEUMANN_TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const NEUMANN_NOTE = `${NEUMANN_TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;

const key = generateSigningKey();
const name = "example.com/log";
const known: Verifier = { name, publicKey: key.publicKey };
const TEXT = "one\n\ntwo — three\n";
const note = signNote(TEXT, { name, key });
const lineBy = (other: SigningKey, by = name, text = TEXT) =>
  signNote(text, { name: by, key: other }).slice(text.length + 1);

test("the example of Go's implementation is opened, and signed to the same letters", () => {
  expect(openNote(NEUMANN_NOTE, [NEUMANN])).toEqual({ text: NEUMANN_TEXT, signedBy: ["PeterNeumann"] });
  expect(signNote(NEUMANN_TEXT, { name: "PeterNeumann", key: new SigningKey(NEUMANN_SEED) })).toBe(NEUMANN_NOTE);
  expect(toVerifierKey(NEUMANN.name, NEUMANN.publicKey)).toBe(
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
  );
});

test("a note of another implementation is opened", () => {
  const text = "This is an example message.\n";
  const signature = "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=";
  const foo = verifier("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
  expect(openNote(`${text}\n— example.com/foo ${signature}\n`, [foo])).toEqual({ text, signedBy: [foo.name] });
});

test.skipIf(!HAS_OPENSSL)(`openssl finds the signature to be of the text${NO_OPENSSL}`, async () => {
  const folder = await makeTemporaryFolder();
  const path = (file: string) => join(folder, file);
  const signature = Buffer.from(note.trimEnd().split(" ").at(-1) ?? "", "base64");
  await writeFile(path("key.pem"), key.publicKey.toPem());
  await writeFile(path("signature"), signature.subarray(4));
  await writeFile(path("text"), TEXT);
  await writeFile(path("other"), TEXT.toUpperCase());
  const verify = (file: string) =>
    runProgram("openssl", [
      "pkeyutl",
      "-verify",
      "-rawin",
      "-pubin",
      "-inkey",
      path("key.pem"),
      "-sigfile",
      path("signature"),
      "-in",
      path(file),
    ]);
  expect(verify("text")).toEqual({ status: 0, text: "Signature Verified Successfully\n" });
  expect(verify("other").status).not.toBe(0);
});

test("signatures by other keys are passed over, whatever they share with a known one", () => {
  const other = generateSigningKey();
  const sameHash = `— example.com/other ${Buffer.concat([toKeyHash(name, key.publicKey), Buffer.alloc(64)]).toString("base64")}\n`;
  const many = note + lineBy(other) + lineBy(key, "somebody.else") + sameHash;
  expect(openNote(many, [known])).toEqual({ text: TEXT, signedBy: [name] });
  const second = { name, publicKey: other.publicKey };
  expect(openNote(many, [second, known, known])).toEqual({ text: TEXT, signedBy: [name] });
  expect(openNote(note, [second])).toEqual({ problem: "no known key has signed it" });
  expect(openNote(note, [])).toEqual({ problem: "no known key has signed it" });
});

test("a known key's wrong signature makes the whole note invalid, beside good ones too", () => {
  const other = generateSigningKey();
  const wrong = lineBy(key, name, "another text\n");
  const problem = { problem: `the signature by ${name} is wrong` };
  expect(openNote(note + wrong, [known])).toEqual(problem);
  expect(
    openNote(`${TEXT}\n${wrong}${lineBy(other, "other")}`, [known, { name: "other", publicKey: other.publicKey }]),
  ).toEqual(problem);
});

const line = lineBy(key);
test.each([
  ["nothing", "", /no empty line/],
  ["a text alone", "one\n", /no empty line/],
  ["no signature", "one\n\n", /malformed signature/],
  ["no line feed at the end", note.slice(0, -1), /no empty line/],
  ["a hyphen for the dash", note.replace(/^— /m, "- "), /malformed/],
  ["two spaces", note.replace(/^— /m, "—  "), /malformed/],
  ["a space behind the signature", `${note.slice(0, -1)} \n`, /malformed/],
  ["a name with a plus", note.replace(name, "a+b"), /malformed/],
  ["a name with a space of another kind", note.replace(name, "a\u2003b"), /malformed/],
  ["Base64 that is not padded", note.replace(/=+\n$/, "\n"), /malformed/],
  ["a signature of four bytes", `one\n\n— ${name} AAAAAA==\n`, /malformed/],
  ["a carriage return", note.replace("\n", "\r\n"), /control characters/],
  ["half a character", note.replace("one", "\ud800"), /control characters/],
  ["101 signatures", note + line.repeat(100), /more than 100/],
  ["a megabyte", signNote(`${"x".repeat(1_000_000)}\n`, { name, key }), /longer than/],
])("with %s it is no note", (_what, text, problem) => {
  expect(openNote(text, [known])).toEqual({ problem: expect.stringMatching(problem) });
});

test("a hundred signatures are a note", () => {
  expect(openNote(note + line.repeat(99), [known])).toEqual({ text: TEXT, signedBy: [name] });
});

test("what cannot be a note is not signed", () => {
  for (const text of ["", "no end", "tab\t\n", "\ud800\n"])
    expect(() => signNote(text, { name, key })).toThrow("internal");
  for (const bad of ["", "a b", "a+b", "a\nb"]) expect(() => signNote("x\n", { name: bad, key })).toThrow("internal");
});

test("every text that can be signed is opened as it was", () => {
  const letter = fc.constantFrom("\n", "—", " ", "+", "a", "\u007f", "\u0085", "\u2028", "é", "\ufeff", "😀");
  const text = fc.array(letter).map((letters) => `${letters.join("")}\n`);
  fc.assert(
    fc.property(text, (any) => {
      expect(openNote(signNote(any, { name, key }), [known])).toEqual({ text: any, signedBy: [name] });
    }),
  );
});

test("no changed note is opened", () => {
  fc.assert(
    fc.property(
      fc.nat(note.length - 1),
      fc.constantFrom("", "\n", " ", "A", "/", "=", "—", "é"),
      fc.boolean(),
      (at, letter, isPutIn) => {
        const changed = note.slice(0, at) + letter + note.slice(isPutIn ? at : at + 1);
        fc.pre(changed !== note);
        expect(openNote(changed, [known])).toHaveProperty("problem");
      },
    ),
    { numRuns: 1000 },
  );
});
