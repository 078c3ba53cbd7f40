import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateSigningKey, toOpenSshPrivateKey } from "../../src/signing/signing-key.ts";

/** Makes the one key that all archives of a test run are signed with, and takes it away when the tests have ended. */
export default async function makeTestKey(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "holdfast-key-"));
  // Tests may run programs as another user, who has a copy of his own in it.
  await chmod(folder, 0o711);
  const path = join(folder, "ledger.key");
  await writeFile(path, toOpenSshPrivateKey(generateSigningKey(), "test"), { mode: 0o600 });
  process.env["HOLDFAST_TEST_KEY"] = path;
  return () => rm(folder, { recursive: true });
}
