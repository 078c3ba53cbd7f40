import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeTimestampRequest } from "../../../../src/timestamp/timestamp-request.ts";
import { parseTrustedCertificates, type TrustedCertificates } from "../../../../src/timestamp/trusted-certificates.ts";
import { judgePackage } from "../../../helpers/judge-package.ts";
import { changeDescriptor, listAnew, makePackage, putFile } from "../../../helpers/make-package.ts";
import { issueTinyTsa, makeTinyPki, NO_OPENSSL, replyToQuery, type TinyPki } from "../../../helpers/tiny-tsa.ts";

const TIME_STAMP = "tagmanifest-sha256.txt.tsr";
const FOUND = [`signature-invalid ${TIME_STAMP}`];

describe.skipIf(NO_OPENSSL !== "")(`the time stamp of a package${NO_OPENSSL}`, () => {
  let pki: TinyPki;
  let certificates: TrustedCertificates;
  beforeAll(async () => {
    pki = await makeTinyPki(await mkdtemp(join(tmpdir(), "holdfast-test-")));
    certificates = parseTrustedCertificates(await issueTinyTsa(pki), "root.pem");
  });
  afterAll(() => rm(pki.folder, { recursive: true }));

  const stamp = (manifest: Uint8Array) => replyToQuery(pki, makeTimestampRequest(manifest).der);
  const judge = (root: string) => judgePackage(root, { certificates });

  test("is the word of whoever it names, unless its root was given", async () => {
    const { root } = await makePackage({ stamp });
    const given = await judge(root);
    expect(given).toMatchObject({ found: [], facts: { timeStamp: { status: "valid", chain: "verified" } } });
    expect(given.remarks).toMatch(/was there at 20.*, says "CN=tsa", whose certificates lead to one that was given/);
    const alone = await judgePackage(root);
    expect(alone).toMatchObject({ found: [], facts: { timeStamp: { chain: "not-checked" } } });
    expect(alone.remarks).toContain("its certificates were not followed, and anybody can have written them");
  });

  test("that is of other data, not there, or of nobody who is trusted is a finding", async () => {
    const { root } = await makePackage({ stamp: () => stamp(Buffer.from("other data")) });
    expect(await judgePackage(root)).toMatchObject({ found: FOUND, facts: { timeStamp: { status: "invalid" } } });
    await rm(join(root, TIME_STAMP));
    expect((await judgePackage(root)).found).toEqual(FOUND);
    const elsewhere = await makeTinyPki(await mkdtemp(join(pki.folder, "other-")));
    await issueTinyTsa(elsewhere);
    const foreign = await makePackage({ stamp: (data) => replyToQuery(elsewhere, makeTimestampRequest(data).der) });
    expect((await judge(foreign.root)).found).toEqual(FOUND);
  });

  test("that was taken away with all that speaks of it is missed by whoever gave its root", async () => {
    const { root } = await makePackage({ stamp });
    await rm(join(root, TIME_STAMP));
    await changeDescriptor(root, { timeStamp: null });
    await listAnew(root);
    expect(await judgePackage(root)).toMatchObject({ found: [], remarks: expect.stringContaining("no time stamp: ") });
    expect((await judge(root)).found).toEqual(FOUND);
    await putFile(root, TIME_STAMP, "junk");
    expect((await judgePackage(root)).found).toEqual([`unexpected ${TIME_STAMP}`]);
  });
});
