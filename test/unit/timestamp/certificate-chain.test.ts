import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Certificate, findTsaProblem, readCertificate } from "../../../src/timestamp/certificate.ts";
import { findChain } from "../../../src/timestamp/certificate-chain.ts";
import {
  AUTHORITY,
  type CertificateWish,
  makeTinyPki,
  NO_OPENSSL,
  TIME_STAMPING,
  type TinyPki,
} from "../../helpers/tiny-tsa.ts";

const NOW = Date.UTC(2026, 0, 1);
const STAMPING = "extendedKeyUsage=critical,timeStamping";

describe.skipIf(NO_OPENSSL !== "")(`certificates of a time stamping authority${NO_OPENSSL}`, () => {
  let pki: TinyPki;
  let root: Certificate;
  beforeAll(async () => {
    pki = await makeTinyPki(await mkdtemp(join(tmpdir(), "holdfast-test-")));
    root = await issue({ name: "root", extensions: AUTHORITY });
  });
  afterAll(() => rm(pki.folder, { recursive: true, force: true }));

  const issue = async (wish: CertificateWish) => readCertificate(Buffer.from(await pki.issue(wish)));
  /** Makes a chain below the root, the last of which stamps; each is the issuer of the next. */
  const issueBelow = async (wishes: readonly Omit<CertificateWish, "issuer">[]) => {
    const chain: Certificate[] = [];
    for (const [index, wish] of wishes.entries()) {
      chain.unshift(await issue({ ...wish, issuer: wishes[index - 1]?.name ?? "root" }));
    }
    const [leaf, ...others] = chain;
    if (leaf === undefined) throw new Error("no certificate");
    return { leaf, others };
  };
  const LEAF = { name: "tsa", extensions: TIME_STAMPING };

  test("lead to a trusted one through those that came along", async () => {
    const { leaf, others } = await issueBelow([{ name: "middle", extensions: AUTHORITY }, LEAF]);
    const chain = findChain(leaf, { others: [leaf, ...others], trusted: [root], timeMs: NOW });
    expect(chain).toEqual({ path: [leaf, ...others, root] });
    expect(findChain(leaf, { others: [], trusted: [root], timeMs: NOW })).toHaveProperty("problem");
    expect(findChain(leaf, { others: [], trusted: others, timeMs: NOW })).toHaveProperty("path");
    expect(findChain(leaf, { others: [], trusted: [leaf], timeMs: NOW })).toEqual({ path: [leaf] });
  });

  test.each<[string, Partial<CertificateWish>, string]>([
    ["is no authority", { extensions: ["basicConstraints=CA:FALSE"] }, "is not the certificate of an authority"],
    ["is for other things", { extensions: [...AUTHORITY, "extendedKeyUsage=serverAuth"] }, "is not for time stamping"],
    ["had expired", { extensions: AUTHORITY, notAfter: "20250101000000Z" }, "was not valid at the time"],
    ["was not yet valid", { extensions: AUTHORITY, notBefore: "20270101000000Z" }, "was not valid at the time"],
    [
      "has constraints that are not checked",
      { extensions: [...AUTHORITY, "nameConstraints=critical,permitted;DNS:a.example"] },
      "has the critical extension 2.5.29.30",
    ],
  ])("lead nowhere through one that %s", async (_, wish, problem) => {
    const { leaf, others } = await issueBelow([{ name: "middle", extensions: [], ...wish }, LEAF]);
    const message = `CN=tsa leads to none of the trusted certificates: CN=middle ${problem}`;
    const chain = findChain(leaf, { others, trusted: [root], timeMs: NOW });
    expect("problem" in chain && chain.problem).toContain(message);
  });

  test("lead nowhere through more authorities than one of them allows", async () => {
    const narrow = {
      name: "narrow",
      extensions: ["basicConstraints=critical,CA:TRUE,pathlen:0", "keyUsage=critical,keyCertSign"],
    };
    const direct = await issueBelow([narrow, LEAF]);
    expect(findChain(direct.leaf, { others: direct.others, trusted: [root], timeMs: NOW })).toHaveProperty("path");
    const { leaf, others } = await issueBelow([narrow, { name: "below", extensions: AUTHORITY }, LEAF]);
    expect(findChain(leaf, { others, trusted: [root], timeMs: NOW })).toEqual({
      problem: "CN=tsa leads to none of the trusted certificates: CN=narrow allows no chain that is so long",
    });
  });

  test("are held to their signatures, not to their names", async () => {
    const { leaf } = await issueBelow([LEAF]);
    const twin = await makeTinyPki(await mkdtemp(join(pki.folder, "twin-")));
    const impostor = readCertificate(
      Buffer.from(await twin.issue({ name: "root", extensions: [...AUTHORITY, "subjectKeyIdentifier=none"] })),
    );
    expect(findChain(leaf, { others: [root], trusted: [impostor], timeMs: NOW })).toHaveProperty("problem");
  });

  test.each<[string, readonly string[], string | undefined]>([
    ["time stamping alone, critically", TIME_STAMPING, undefined],
    ["no word on the key", [STAMPING], undefined],
    ["everything", ["keyUsage=digitalSignature"], "is not for time stamping"],
    ["other purposes too", ["extendedKeyUsage=critical,timeStamping,codeSigning"], "is not for time stamping alone"],
    ["a purpose that may be passed over", ["extendedKeyUsage=timeStamping"], "does not mark its purpose as critical"],
    ["a key that is not for signing", [STAMPING, "keyUsage=keyEncipherment"], "is not for signing"],
    ["a key for more than signing", [STAMPING, "keyUsage=digitalSignature,keyCertSign"], "is not for signing"],
  ])("that are for %s are judged", async (_, extensions, problem) => {
    const found = findTsaProblem(await issue({ name: "tsa", issuer: "root", extensions }));
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(problem);
  });
});
