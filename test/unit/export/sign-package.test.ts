import { execFile } from "node:child_process";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import {
  loadPackageKey,
  signTagManifest,
  toAllowedSigners,
  toSignatureStatement,
} from "../../../src/export/sign-package.ts";
import { generateSigningKey } from "../../../src/signing/signing-key.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const run = promisify(execFile);
const MANIFEST = Buffer.from(`${"0".repeat(64)}  bagit.txt\n`);

/** What a receiver types who has nothing but OpenSSH. */
function verifyWithSshKeygen(folder: string, identity: string): Promise<unknown> {
  const script = `ssh-keygen -Y verify -f allowed_signers -I '${identity}' -n file -s m.sig < m`;
  return run("sh", ["-c", script], { cwd: folder });
}

test("ssh-keygen accepts the signature of a key that it made, for the name that the package states, and no other bytes", async () => {
  const folder = await makeTemporaryFolder();
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", join(folder, "key")]);
  const signer = { key: await loadPackageKey(join(folder, "key")), identity: 'Zoë *, "root"\nmallory@x ssh-ed25519' };
  const statement = toSignatureStatement(signer);
  await writeFile(join(folder, "m"), MANIFEST);
  await writeFile(join(folder, "m.sig"), signTagManifest(MANIFEST, signer));
  await writeFile(join(folder, "allowed_signers"), toAllowedSigners(signer));

  await verifyWithSshKeygen(folder, statement.identity);
  const { stdout } = await run("ssh-keygen", ["-l", "-f", join(folder, "key.pub")]);
  expect(stdout.split(" ")[1]).toBe(statement.fingerprint);
  expect(`${statement.publicKey}\n`).toBe(
    await readFile(join(folder, "key.pub"), "utf8").then((line) => line.replace(/ *\n/, "\n")),
  );
  await expect(verifyWithSshKeygen(folder, "mallory@x")).rejects.toThrow();
  await writeFile(join(folder, "m"), `${MANIFEST}\n`);
  await expect(verifyWithSshKeygen(folder, statement.identity)).rejects.toThrow();
});

test("nobody else may sign by the line, and for nothing else", () => {
  const key = generateSigningKey();
  const line = toAllowedSigners({ key, identity: "counsel@example.com" });
  expect(line).toBe(`counsel@example.com namespaces="file" ${key.publicKey.toSshLine()}\n`);
  expect(toAllowedSigners({ key, identity: "" })).toMatch(/^_ namespaces/);
});

test("a key that others can read, of another type, or with a passphrase is refused, and one that is missing is explained", async () => {
  const folder = await makeTemporaryFolder();
  const path = join(folder, "key");
  await expect(loadPackageKey(path)).rejects.toMatchObject({
    code: "SIGNING_KEY_INVALID",
    hint: expect.stringContaining("ssh-keygen -t ed25519"),
  });
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path]);
  await chmod(path, 0o640);
  await expect(loadPackageKey(path)).rejects.toThrow("others can read the signing key");
  await run("ssh-keygen", ["-q", "-t", "ecdsa", "-N", "", "-f", `${path}-ec`]);
  await expect(loadPackageKey(`${path}-ec`)).rejects.toThrow("not Ed25519");
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "secret", "-f", `${path}-locked`]);
  await expect(loadPackageKey(`${path}-locked`)).rejects.toThrow("has a passphrase");
});
