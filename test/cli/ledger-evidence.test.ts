import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openTestArchive } from "../helpers/open-test-archive.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { makeSmallArchive } from "../helpers/small-archive.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { issueTinyTsa, makeTinyPki, NO_OPENSSL, openTinyTsa, verifyWithOpenssl } from "../helpers/tiny-tsa.ts";

test.skipIf(NO_OPENSSL !== "")(
  `a time stamp on the head is kept, and verified by openssl and by us${NO_OPENSSL}`,
  async () => {
    const rig = await makeSmallArchive();
    const pki = await makeTinyPki(await makeTemporaryFolder());
    await writeFile(join(rig.cwd, "root.pem"), await issueTinyTsa(pki));
    const url = await openTinyTsa(pki);
    const run = (...args: readonly string[]) => runHoldfast(["ledger", ...args], { cwd: rig.cwd });
    expect((await run("checkpoint", "--anchor", url)).stderr).toContain(
      `${new URL(url).host}: keeps the checkpoint now`,
    );
    const stamp = `000000000003.${new URL(url).host.replace(":", "%3A")}.tsr`;
    const folder = join(rig.ledger, "checkpoints");
    const files = ["-data", "000000000003", "-in", stamp, "-CAfile", join(rig.cwd, "root.pem")];
    expect(await verifyWithOpenssl(folder, files)).toBe("Verification: OK");
    const unchecked = await run("verify");
    expect([unchecked.code, unchecked.stdout]).toEqual([0, expect.stringContaining("(chain not checked")]);
    expect(unchecked.stdout).toContain("the ledger's head is not held elsewhere");
    const { results } = JSON.parse((await run("verify", "--tsa-ca", "root.pem", "--json")).stdout);
    expect(results[1]).toMatchObject({ path: `archive/ledger/checkpoints/${stamp}`, chain: "verified", status: "ok" });
    await writeFile(join(folder, stamp), (await readFile(join(folder, stamp))).fill(0, 200, 210));
    const { code, stdout } = await run("verify");
    expect([code, stdout]).toEqual([
      4,
      expect.stringContaining("signature-invalid: archive/ledger/checkpoints/000000000003"),
    ]);
  },
);

const NO_PYTHON = spawnSync("python3", ["--version"]).status === 0 ? "" : " (skipped: there is no python3)";

test.skipIf(NO_PYTHON !== "")(
  `the script of the documentation accepts a proof, and none of another event${NO_PYTHON}`,
  async () => {
    const rig = await makeSmallArchive();
    await rig.store("rec_3", "rec_4", "rec_5", "rec_6");
    const documented = await readFile(join(import.meta.dirname, "../../docs/ledger.md"), "utf8");
    const [, script = ""] = /```python\n(.*?)```/s.exec(documented) ?? [];
    const check = async (proof: object) => {
      await writeFile(join(rig.cwd, "proof.json"), JSON.stringify(proof));
      const { status, stderr } = spawnSync("python3", ["-c", script, "proof.json"], { cwd: rig.cwd, encoding: "utf8" });
      return status === 0 ? "accepted" : stderr.trim().split("\n").at(-1);
    };
    const ran = await runHoldfast(["ledger", "prove", "--recording", "rec_6"], { cwd: rig.cwd });
    const proof = JSON.parse(ran.stdout);
    expect(JSON.parse(proof.event)).toMatchObject({ seq: 6, type: "fetched", subject: "rec_6" });
    expect(await check(proof)).toBe("accepted");
    const refused = "AssertionError: not in the ledger";
    expect(await check({ ...proof, event: proof.event.replace("rec_6", "rec_5") })).toBe(refused);
    expect(await check({ ...proof, index: 5 })).toBe(refused);
    const { ledger } = await openTestArchive(rig.cwd);
    for (let index = 0; index < proof.size; index += 1) {
      const hashes = (await ledger.proveInclusion(index, proof.size)).map((hash) => hash.toString("base64"));
      expect(await check({ ...proof, index, event: await ledger.line(index), hashes })).toBe("accepted");
    }
  },
);
