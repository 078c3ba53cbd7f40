import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateSigningKey, toOpenSshPrivateKey } from "../../src/signing/signing-key.ts";

/** Makes the one key that all archives of a test run are signed with, and gives what takes it away when the tests have ended. */
export default function makeTestKey(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-key-"));
  // Tests may run programs as another user, who has a copy of his own in it.
  chmodSync(folder, 0o711);
  const path = join(folder, "ledger.key");
  writeFileSync(path, toOpenSshPrivateKey(generateSigningKey(), "test"), { mode: 0o600 });
  process.env["HOLDFAST_TEST_KEY"] = path;
  return () => rmSync(folder, { recursive: true });
}
