import { createHash } from "node:crypto";
import { appendFile, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseTrustedSigners } from "../../../../src/fixity/holdings/package-trust.ts";
import { type PackFolderOptions, packFolder } from "../../../../src/packaging/pack-folder.ts";
import { generateSigningKey } from "../../../../src/signing/signing-key.ts";
import { judgePackage } from "../../../helpers/judge-package.ts";
import { listTree } from "../../../helpers/list-tree.ts";
import {
  changeDescriptor,
  listAnew,
  makePackage,
  putFile,
  sign,
  type TestPackageOptions,
} from "../../../helpers/make-package.ts";

const KEY = generateSigningKey();
const SIGNED: TestPackageOptions = { signer: KEY };
const GIVEN = { signers: parseTrustedSigners(KEY.publicKey.toSshLine(), "sender.pub") };

const SIGNATURE_FINDING = "signature-invalid tagmanifest-sha256.txt.sig";

/** Replaces a piece of a file that must be in it. */
async function edit(root: string, path: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(join(root, path), "utf8");
  expect(change(text)).not.toBe(text);
  await writeFile(join(root, path), change(text));
}

describe("a package as it was made", () => {
  test("has no findings, and a key that lies in it is not called the sender's", async () => {
    const { root } = await makePackage(SIGNED);
    const { found, remarks, facts } = await judgePackage(root);
    expect(found).toEqual([]);
    const fingerprint = KEY.publicKey.toFingerprint();
    expect(remarks).toContain(`by the key ${fingerprint}, which lies in the package`);
    expect(remarks).toContain("custody: 3 events of 2 recordings, and 1 whose words are withheld");
    expect(remarks).toContain("load file: 3 rows read");
    expect(remarks).toContain("no time stamp");
    expect(remarks).not.toContain("no tag manifest");
    expect(facts).toMatchObject({
      case: "Ada v. Bob",
      tagManifestSha256: createHash("sha256")
        .update(await readFile(join(root, "tagmanifest-sha256.txt")))
        .digest("hex"),
      signature: { status: "valid", key: "in-package", fingerprint },
      timeStamp: { status: "not-stamped" },
      custody: { status: "valid", events: 3, withheld: 1, ledgerSize: 5, key: "in-package" },
      loadFile: { status: "valid", rows: 3 },
    });
  });

  test("is told to be signed and kept by whom was given", async () => {
    const { root, custody } = await makePackage(SIGNED);
    const line = `counsel@example.com ${KEY.publicKey.toSshLine()}\nbob cert-authority ${KEY.publicKey.toSshLine()}\n`;
    const signers = parseTrustedSigners(line, "allowed_signers");
    const { found, remarks, facts } = await judgePackage(root, { signers, ledgerKey: custody.rig.key.publicKey });
    expect(found).toEqual([]);
    expect(remarks).toContain("which allowed_signers names as counsel@example.com");
    expect(remarks).toContain("allowed_signers: line 2 allows nobody");
    expect(remarks).not.toContain("lies in the package");
    expect(facts).toMatchObject({ signature: { key: "given" }, custody: { key: "given" } });
  });

  test("that is not signed says so", async () => {
    const { root } = await makePackage();
    const { found, remarks, facts } = await judgePackage(root);
    expect(found).toEqual([]);
    expect(remarks).toContain("not signed: ");
    expect(facts).toMatchObject({ signature: { status: "not-signed" } });
  });
});

test.each(["zip", "tar"] as const)("is checked as it lies in a %s", async (form) => {
  const { root } = await makePackage(SIGNED);
  const packed = `${root}.${form}`;
  const into: PackFolderOptions["into"] = {
    write: async (pieces) => {
      for await (const piece of pieces) await appendFile(packed, piece);
    },
  };
  await packFolder(root, { form, rootName: "case", modifiedAtMs: 0, into });
  const { found, facts } = await judgePackage(packed, GIVEN);
  expect(found).toEqual([]);
  expect(facts).toMatchObject({
    signature: { status: "valid", key: "given" },
    custody: { status: "valid", events: 3 },
    loadFile: { status: "valid", rows: 3 },
  });
  const bytes = await readFile(packed);
  bytes.write("rec_eve", bytes.indexOf("rec_bob", bytes.indexOf('{"index":')));
  await writeFile(packed, bytes);
  expect((await judgePackage(packed)).facts).toMatchObject({ custody: { status: "invalid" } });
});

test("names every file that was changed, removed, renamed or put there", async () => {
  const { root: made } = await makePackage(SIGNED);
  const paths = await listTree(made);
  expect(paths.length).toBeGreaterThan(15);
  for (const path of paths) {
    const place = join(made, path);
    const bytes = await readFile(place);
    const flipped = Uint8Array.from(bytes, (byte, at) => (at === bytes.length >> 1 ? byte ^ 1 : byte));
    await writeFile(place, flipped);
    expect((await judgePackage(made)).found, `${path} changed`).not.toEqual([]);
    await rm(place);
    expect((await judgePackage(made)).found, `${path} removed`).not.toEqual([]);
    await writeFile(`${place}-2`, bytes);
    const { found } = await judgePackage(made);
    expect(
      found.filter((line) => line.endsWith(`${path}-2`) || line.endsWith(path)),
      `${path} renamed`,
    ).not.toEqual([]);
    await writeFile(place, bytes);
    expect((await judgePackage(made)).found, `${path} copied`).toEqual([`unexpected ${path}-2`]);
    await rm(`${place}-2`);
  }
  await symlink("README.txt", join(made, "LIES.txt"));
  expect((await judgePackage(made)).found).toEqual(["unexpected LIES.txt"]);
});

describe("whoever writes all manifests anew", () => {
  test("cannot hide it from the signature", async () => {
    const { root } = await makePackage(SIGNED);
    await edit(root, "README.txt", (text) => text.replace("Three", "Two"));
    await listAnew(root);
    const { found, facts } = await judgePackage(root);
    expect(found).toEqual([SIGNATURE_FINDING]);
    expect(facts).toMatchObject({ signature: { status: "invalid" } });
  });

  test("and signs with a key of their own is known by the fingerprint, or by the key that was given", async () => {
    const other = generateSigningKey();
    const { root } = await makePackage({ signer: other });
    const { found, remarks } = await judgePackage(root);
    expect(found).toEqual([]);
    expect(remarks).toContain(`${other.publicKey.toFingerprint()}, which lies in the package`);
    const given = await judgePackage(root, GIVEN);
    expect(given).toMatchObject({ found: [SIGNATURE_FINDING], facts: { signature: { key: "not-allowed" } } });
    expect(given.remarks).not.toContain("signed: tagmanifest");
  });

  test("and signs with another key than the package names is found out", async () => {
    const { root } = await makePackage(SIGNED);
    await sign(root, generateSigningKey());
    const { found, findings } = await judgePackage(root);
    expect(found).toEqual([SIGNATURE_FINDING]);
    expect(findings[0]?.message).toContain("the package names another");
  });

  test("cannot have ssh-keygen refuse what is told to be signed", async () => {
    const { root } = await makePackage(SIGNED);
    await writeFile(join(root, "allowed_signers"), `ada@example.com ${generateSigningKey().publicKey.toSshLine()}\n`);
    await listAnew(root);
    await sign(root, KEY);
    const { found, findings } = await judgePackage(root);
    expect(found).toEqual([SIGNATURE_FINDING]);
    expect(findings[0]?.message).toContain("does not allow the key that signed");
  });

  test("and takes the signature away leaves an unsigned package, unless a signer was given", async () => {
    const { root } = await makePackage(SIGNED);
    await rm(join(root, "tagmanifest-sha256.txt.sig"));
    expect((await judgePackage(root)).found).toEqual([SIGNATURE_FINDING]);
    await rm(join(root, "allowed_signers"));
    await changeDescriptor(root, { signature: null });
    await listAnew(root);
    expect(await judgePackage(root)).toMatchObject({ found: [], remarks: expect.stringContaining("not signed: ") });
    const { found, findings } = await judgePackage(root, GIVEN);
    expect(found).toEqual([SIGNATURE_FINDING]);
    expect(findings[0]?.message).toContain("not signed");
  });

  test("cannot smuggle in a file through the tag manifest that is not signed, nor drop that", async () => {
    const { root } = await makePackage(SIGNED);
    const signed = await readFile(join(root, "tagmanifest-sha256.txt"));
    await putFile(root, "review/more.html", "<script>");
    await rename(join(root, "tagmanifest-sha256.txt.sig"), join(root, "../sig"));
    await listAnew(root);
    await rename(join(root, "../sig"), join(root, "tagmanifest-sha256.txt.sig"));
    await writeFile(join(root, "tagmanifest-sha256.txt"), signed);
    expect((await judgePackage(root)).found).toEqual(["unexpected review/more.html"]);
    await rm(join(root, "review/more.html"));
    await rm(join(root, "tagmanifest-sha512.txt"));
    expect((await judgePackage(root)).found).toEqual(["missing tagmanifest-sha512.txt"]);
  });

  test("cannot add a signature that the package does not speak of", async () => {
    const { root } = await makePackage();
    await sign(root, KEY);
    expect((await judgePackage(root)).found).toEqual(["unexpected tagmanifest-sha256.txt.sig"]);
  });

  test("and makes the description unreadable gets nothing past", async () => {
    const { root } = await makePackage(SIGNED);
    await edit(root, "holdfast-export.json", (text) => text.replace('"originals":3', '"originals":-3'));
    await listAnew(root);
    const { found, findings, facts } = await judgePackage(root);
    expect(found).toEqual(["manifest-invalid holdfast-export.json"]);
    expect(findings[0]?.message).toContain("neither signature, time stamp, custody nor load file was checked");
    expect(facts).toBeUndefined();
  });
});

describe("without a signature, what the ledger recorded still holds", () => {
  const CUSTODY = "data/custody.jsonl";
  const lines = (change: (lines: string[]) => readonly string[]) => (text: string) =>
    change(text.split(/(?<=\n)/)).join("");

  test.each<[string, readonly string[], (text: string) => string]>([
    ["altered", [`ledger-broken ${CUSTODY}`], (text) => text.replace("rec_bob", "rec_eve")],
    ["dropped", [`ledger-broken ${CUSTODY}`], lines(([first = "", , ...rest]) => [first, ...rest])],
    [
      "reordered",
      [`ledger-broken ${CUSTODY}`],
      lines(([first = "", second = "", ...rest]) => [second, first, ...rest]),
    ],
  ])("a line of the custody that was %s", async (_, expected, change) => {
    const { root } = await makePackage();
    await edit(root, CUSTODY, change);
    await listAnew(root);
    const { found, remarks } = await judgePackage(root);
    expect(found).toEqual(expect.arrayContaining([...expected]));
    expect(remarks).not.toContain("custody: 3 events");
  });

  test("originals that were exchanged, a record that was changed, and one that was taken away", async () => {
    const { root } = await makePackage();
    const [ada, bob] = ["rec_ada", "rec_bob"].map((name) => join(root, `data/originals/${name}.wav`)) as [
      string,
      string,
    ];
    await rename(ada, `${root}/../x`);
    await rename(bob, ada);
    await rename(`${root}/../x`, bob);
    await edit(root, "data/records/rec_ada.json", (text) => text.replace("rec_ada", "rec_eve"));
    await rm(join(root, "data/records/rec_bob.json"));
    await listAnew(root);
    expect((await judgePackage(root)).found).toEqual([
      "digest-mismatch data/originals/rec_ada.wav",
      "digest-mismatch data/originals/rec_bob.wav",
      "digest-mismatch data/records/rec_ada.json",
      "manifest-invalid data/loadfile/case.csv",
      "missing data/records/rec_bob.json",
    ]);
  });

  test("a custody of another ledger's key", async () => {
    const { root } = await makePackage();
    const { found } = await judgePackage(root, { ledgerKey: generateSigningKey().publicKey });
    expect(found).toEqual(["signature-invalid data/custody-checkpoint.txt"]);
    const { ledger } = JSON.parse(await readFile(join(root, "holdfast-export.json"), "utf8"));
    await changeDescriptor(root, { ledger: { ...ledger, size: 6 } });
    await listAnew(root);
    expect((await judgePackage(root)).found).toEqual(["ledger-broken data/custody.jsonl"]);
    await changeDescriptor(root, { ledger: null });
    await listAnew(root);
    const none = await judgePackage(root, { ledgerKey: KEY.publicKey });
    expect(none.found).toEqual(["manifest-invalid holdfast-export.json", "signature-invalid data/custody.jsonl"]);
  });

  test("rows of the load file, and counts", async () => {
    const { root } = await makePackage();
    await edit(root, "data/loadfile/case.csv", (text) => text.replace(/^.*rec_bob.*\r\n/m, ""));
    await changeDescriptor(root, { counts: { recordings: 2, originals: 2, originalBytes: 1, durationSeconds: 0 } });
    await listAnew(root);
    const { found, findings } = await judgePackage(root);
    expect(found).toEqual([
      "manifest-invalid data/loadfile/case.csv",
      "manifest-invalid data/loadfile/case.csv",
      "manifest-invalid holdfast-export.json",
      "size-mismatch holdfast-export.json",
    ]);
    expect(findings.map(({ message }) => message).join("\n")).toContain("it has 2 rows, and the package says 3");
  });

  test("a row that gives an original to another recording, also under another name", async () => {
    const { root } = await makePackage();
    await rename(join(root, "data/originals/rec_ada.wav"), join(root, "data/originals/EX1.wav"));
    await edit(root, "data/loadfile/case.csv", (text) =>
      text.replace("originals\\\\rec_ada", "originals\\\\EX1").replace("originals/rec_ada", "originals/EX1"),
    );
    await listAnew(root);
    expect((await judgePackage(root)).found).toEqual([]);
    await edit(root, "data/loadfile/case.csv", (text) => text.replace(/rec_ada("?,"?call of rec_ada)/, "rec_bob$1"));
    await listAnew(root);
    const { findings } = await judgePackage(root);
    expect(findings).toMatchObject([
      { message: expect.stringContaining("than the ledger recorded of their recording") },
    ]);
  });

  test("a load file outside of the package, which is not touched", async () => {
    const { root } = await makePackage();
    await writeFile(join(root, "../secret.csv"), "secret\r\n");
    await changeDescriptor(root, { loadFile: { file: "../secret.csv", profile: "csv", rows: 1 } });
    await listAnew(root);
    const { found, facts } = await judgePackage(root);
    expect(found).toEqual(["missing ../secret.csv"]);
    expect(facts).toMatchObject({ loadFile: { status: "missing" } });
  });
});
