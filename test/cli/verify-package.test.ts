import { readFile, rm, truncate } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { generateSigningKey } from "../../src/signing/signing-key.ts";
import { listAnew, makePackage, putFile } from "../helpers/make-package.ts";
import { makeWav, tone } from "../helpers/make-wav.ts";
import { type Ran, runHoldfast } from "../helpers/run-holdfast.ts";

const KEY = generateSigningKey();

/** Runs `verify` where the packages lie. */
function verify(root: string, ...args: readonly string[]): Promise<Ran> {
  return runHoldfast(["verify", ...args], { cwd: dirname(root) });
}

describe("verify PACKAGE", () => {
  test("says to a person what was checked and under which key, and to a script the same", async () => {
    const { root, custody } = await makePackage({ signer: KEY });
    await putFile(root, "../sender.pub", `${KEY.publicKey.toSshLine()} sender\n`);
    await putFile(root, "../ledger.pub", custody.verifierKey);
    const { code, stdout, stderr } = await verify(root, "case", "--signer", "sender.pub", "--public-key", "ledger.pub");
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/signed: .*which sender.pub names/),
    });
    expect(stderr).toContain("custody: 3 events of 2 recordings");
    expect(stdout).toContain("all 17 files that were looked at are what was recorded");
    const json = JSON.parse((await verify(root, "case", "--json")).stdout);
    expect(json).toMatchObject({
      outcome: "ok",
      verified: { noun: "legal-hold package" },
      packages: [
        { case: "Ada v. Bob", signature: { key: "in-package" }, custody: { events: 3 }, loadFile: { rows: 3 } },
      ],
      remarks: expect.arrayContaining([expect.stringContaining("which lies in the package")]),
    });
  });

  test("ends with 4 when the key is another, and of two packages names the one", async () => {
    const [{ root }, other] = [await makePackage({ signer: KEY }), await makePackage({ signer: generateSigningKey() })];
    await putFile(root, "../allowed", `sender@example.com ${KEY.publicKey.toSshLine()}\n`);
    const { code, stdout } = await verify(root, "case", other.root, "--signer", "allowed", "--json");
    const { packages, findings } = JSON.parse(stdout);
    expect(code).toBe(4);
    expect(packages.map(({ signature }: { signature: { key: string } }) => signature.key)).toEqual([
      "given",
      "not-allowed",
    ]);
    expect(findings).toMatchObject([{ kind: "signature-invalid", subject: expect.stringContaining(other.root) }]);
  });

  test("tells defects with which an original came from those that it has got since", async () => {
    const whole = makeWav([tone(16_000, 20)]);
    const { root } = await makePackage({ audio: whole.subarray(0, 20_000) });
    const received = JSON.parse((await verify(root, "case", "--level", "structure", "--json")).stdout);
    expect(received).toMatchObject({ outcome: "ok", findings: [] });
    expect(received.remarks).toContain("originals that came with defects, which the results name: 1");
    const result = received.results.find(({ path }: { path: string }) => path.endsWith("rec_ada.wav"));
    expect(result).toMatchObject({
      status: "ok",
      level: "structure",
      remarks: [expect.stringMatching(/^it was received so: /)],
    });
    await truncate(join(root, "data/originals/rec_bob.wav"), 1000);
    const { code, stdout } = await verify(root, "case", "--level", "structure", "--json");
    expect(code).toBe(4);
    expect(JSON.parse(stdout).findings).toEqual(
      expect.arrayContaining([expect.objectContaining({ subject: expect.stringContaining("rec_bob.wav") })]),
    );
  });

  test("says that custody and load file were not checked when the run ended early", async () => {
    const { root } = await makePackage();
    const { code, stdout } = await verify(root, "case", "--budget-bytes", "1", "--json");
    const { packages, remarks } = JSON.parse(stdout);
    expect(code).toBe(3);
    expect(packages).toMatchObject([{ custody: { status: "not-checked" }, loadFile: { status: "not-checked" } }]);
    expect(remarks).toContainEqual(expect.stringContaining("not checked, for the run ended before"));
  });
});

describe("flags of packages", () => {
  test("are refused where no package is", async () => {
    const { root } = await makePackage();
    await putFile(root, "../key.pub", KEY.publicKey.toSshLine());
    await putFile(root, "../call.wav", makeWav([tone(800, 20)]));
    const refused = (flag: string) => ({
      code: 2,
      stderr: expect.stringContaining(`${flag} is for legal-hold packages`),
    });
    expect(await verify(root, "call.wav", "--signer", "key.pub")).toMatchObject(refused("--signer"));
    expect(await verify(root, "--manifest", "list", "--tsa-ca", "key.pub")).toMatchObject(refused("--tsa-ca"));
    expect(await verify(root, "--public-key", "key.pub")).toMatchObject(refused("--public-key"));
  });

  test("a package whose description was taken away is no package to them", async () => {
    const { root } = await makePackage({ signer: KEY });
    await putFile(root, "../key.pub", KEY.publicKey.toSshLine());
    await rm(join(root, "holdfast-export.json"));
    await listAnew(root);
    const { code, stderr } = await verify(root, "case", "--signer", "key.pub");
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining("and this is none: case") });
  });

  test("a file that names nobody is refused", async () => {
    const { root } = await makePackage({ signer: KEY });
    await putFile(root, "../key.pub", `a cert-authority ${await readFile(join(root, "allowed_signers"), "utf8")}`);
    const { code, stderr } = await verify(root, "case", "--signer", "key.pub");
    expect(code).toBe(2);
    expect(stderr).toContain("neither a public key nor an allowed_signers file that allows anybody: key.pub");
  });
});
