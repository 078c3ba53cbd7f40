import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { findPrincipal, parseAllowedSigners } from "../../../src/signing/allowed-signers.ts";
import { generateSigningKey } from "../../../src/signing/signing-key.ts";
import { toSshSignature } from "../../../src/signing/ssh-signature.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { HAS_SSH_KEYGEN, NO_SSH_KEYGEN, runProgram } from "./programs.ts";

const key = generateSigningKey();
const { publicKey } = key;
const line = publicKey.toSshLine();
const nowMs = Date.UTC(2026, 5, 1, 12);

const find = (text: string, namespace = "holdfast-release") =>
  findPrincipal(parseAllowedSigners(text).signers, { publicKey, namespace, nowMs });

/** Lines, and whom each names for the purpose `holdfast-release` at noon of 1 June 2026; undefined for nobody. */
const CASES: readonly (readonly [string, string | undefined])[] = [
  [`a@x ${line} the comment`, "a@x"],
  [`  a@x,b@x ${line}`, "a@x,b@x"],
  [`"a@x" ${line}`, "a@x"],
  [`ssh-admin@x ${line}`, "ssh-admin@x"],
  [`a@x ${generateSigningKey().publicKey.toSshLine()}`, undefined],
  [`a@x namespaces="holdfast-release" ${line}`, "a@x"],
  [`a@x NAMESPACES="git,holdfast-*" ${line}`, "a@x"],
  [`a@x namespaces="holdfast-releas?" ${line}`, "a@x"],
  [`a@x namespaces="holdfast.release" ${line}`, undefined],
  [`a@x namespaces="git" ${line}`, undefined],
  [`a@x namespaces="*,!holdfast-release" ${line}`, undefined],
  [`a@x namespaces="!git" ${line}`, undefined],
  [`a@x valid-after="20260601Z" ${line}`, "a@x"],
  [`a@x valid-after="202606011200Z" ${line}`, "a@x"],
  [`a@x valid-after="20260601120001Z" ${line}`, undefined],
  [`a@x valid-before="20260601120000Z" ${line}`, "a@x"],
  [`a@x valid-before="20260601Z" ${line}`, undefined],
  [`a@x valid-after="20260101Z",valid-before="20270101Z",namespaces="*" ${line}`, "a@x"],
  [`a@x namespaces="*" b@x ${line}`, undefined],
  [`a@x cert-authority ${line}`, undefined],
  [`a@x shell="no" ${line}`, undefined],
  [`a@x namespaces=holdfast-release ${line}`, undefined],
  [`a@x namespaces="a",namespaces="*" ${line}`, undefined],
  [`a@x namespaces="* ${line}`, undefined],
  [`a@x namespaces="*", ${line}`, undefined],
  [`a@x ${line.slice(0, -4)}`, undefined],
  [line, undefined],
];

test("a line names its principals for what it allows, and nobody else", () => {
  for (const [text, principals] of CASES) expect.soft(find(`# comment\n\n${text}\r\n`), text).toBe(principals);
});

test("a time that is another instant on each machine allows nobody, and is told of", () => {
  const { signers, remarks } = parseAllowedSigners(`a@x valid-before="20990101" ${line}`);
  expect(signers).toEqual([]);
  expect(remarks).toEqual([expect.stringMatching(/^line 1 allows nobody: a time is not understood; write YYYYMMDDZ/)]);
});

test("the first line that allows it names the signer; each that allows nobody is told of", () => {
  const rsa = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ==";
  const text = [
    `no@x ${rsa}`,
    `b@x namespaces="git" ${line}`,
    "nobody",
    `c@x ${line}`,
    `d@x ${line}`,
    `"" ${line}`,
    `a@x CERT-AUTHORITY ${line}`,
    `a@x a" ${line}`,
  ];
  expect(find(text.join("\n"))).toBe("c@x");
  expect(find(text.join("\n"), "git")).toBe("b@x");
  expect(parseAllowedSigners(text.join("\n")).remarks).toEqual([
    "line 1 allows nobody: keys of type ssh-rsa are not used here",
    "line 3 allows nobody: there is no key, or not where it belongs",
    "line 6 allows nobody: it names nobody",
    "line 7 allows nobody: authorities for certificates are not used here",
    "line 8 allows nobody: a quote is not closed",
  ]);
});

test("no text makes it throw", () => {
  const piece = fc.constantFrom(
    "a@x",
    line,
    "ssh-ed25519",
    " ",
    '"',
    "\\",
    ",",
    "namespaces=",
    "valid-after=",
    "Z",
    "\n",
    "!",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 5 }))), (pieces) => {
      expect(find(pieces.join(""))).not.toBe("");
    }),
    { numRuns: 500 },
  );
});

test.skipIf(!HAS_SSH_KEYGEN)(`allows what ssh-keygen -Y verify allows${NO_SSH_KEYGEN}`, async () => {
  const folder = await makeTemporaryFolder();
  const [allowed, signature] = [join(folder, "allowed"), join(folder, "signature")];
  await writeFile(signature, toSshSignature(Buffer.from("x"), { key, namespace: "holdfast-release" }));
  const files = ["-f", allowed, "-s", signature, "-n", "holdfast-release", "-Overify-time=20260601120000Z"];
  for (const [text, principals] of CASES) {
    await writeFile(allowed, `${text}\n`);
    const [first = ""] = (principals ?? "a@x").split(",");
    const { status } = runProgram("ssh-keygen", ["-Y", "verify", "-I", first, ...files], "x");
    expect.soft(status === 0, text).toBe(principals !== undefined);
  }
});
