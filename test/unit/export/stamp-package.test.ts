import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../../src/core/clock.ts";
import { requestPackageStamp, toTimeStampStatement } from "../../../src/export/stamp-package.ts";
import { parseTrustedCertificates } from "../../../src/timestamp/trusted-certificates.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { issueTinyTsa, makeTinyPki, NO_OPENSSL, openTinyTsa, verifyWithOpenssl } from "../../helpers/tiny-tsa.ts";

const MANIFEST = Buffer.from(`${"0".repeat(64)}  bagit.txt\n`);
const LIMITS = { timeoutMs: 20_000, clock: systemClock };

test("the package names the authority's host, and nothing of its address that may be a secret", () => {
  expect(toTimeStampStatement("https://me:pass@tsa.example:8443/x?token=1")).toEqual({
    file: "tagmanifest-sha256.txt.tsr",
    authority: "tsa.example:8443",
  });
  expect(() => toTimeStampStatement("ftp://tsa.example/")).toThrow("http:// nor https://");
});

describe.skipIf(NO_OPENSSL !== "")(`with an authority${NO_OPENSSL}`, () => {
  test("openssl accepts the answer as it is stored, and what was not checked is told", async () => {
    const folder = await makeTemporaryFolder();
    const pki = await makeTinyPki(folder);
    const root = await issueTinyTsa(pki);
    const url = await openTinyTsa(pki);

    expect(await requestPackageStamp(url, MANIFEST, LIMITS)).toMatchObject({ chain: "not-checked" });
    const trusted = parseTrustedCertificates(root, "root.pem");
    const { response, chain } = await requestPackageStamp(url, MANIFEST, { ...LIMITS, trusted });
    expect(chain).toBe("verified");

    await writeFile(join(folder, "manifest"), MANIFEST);
    await writeFile(join(folder, "manifest.tsr"), response);
    const asked = ["-data", "manifest", "-in", "manifest.tsr", "-CAfile", "root.pem"];
    expect(await verifyWithOpenssl(folder, asked)).toContain("Verification: OK");
  });

  test("an answer whose certificates lead elsewhere is not taken", async () => {
    const pki = await makeTinyPki(await makeTemporaryFolder());
    await issueTinyTsa(pki);
    const other = await makeTinyPki(await makeTemporaryFolder());
    const trusted = parseTrustedCertificates(await issueTinyTsa(other), "other.pem");
    const stamp = requestPackageStamp(await openTinyTsa(pki), MANIFEST, { ...LIMITS, trusted });
    await expect(stamp).rejects.toMatchObject({ code: "TIMESTAMP_INVALID" });
  });
});
