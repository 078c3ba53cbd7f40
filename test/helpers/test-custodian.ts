import { chownSync, copyFileSync, existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Custodian } from "../../src/compose.ts";
import { Ledger } from "../../src/ledger/ledger.ts";
import { parseSigningKey } from "../../src/signing/signing-key.ts";
import { TEST_CLOCK } from "./test-clock.ts";

/** Made by `make-test-key.ts` before the first test. */
const KEY_FILE = process.env["HOLDFAST_TEST_KEY"] ?? "";

/** Who works on the archives of tests. */
export const TEST_CUSTODIAN: Custodian = {
  actor: "ada@lovelace",
  key: parseSigningKey(readFileSync(KEY_FILE, "utf8"), KEY_FILE),
};

/**
 * Gives a file with the key of {@link TEST_CUSTODIAN}, for programs that the tests start.
 *
 * @param uid - Whose file it is to be. @default that of the one who tests
 */
export function toTestKeyFile(uid?: number): string {
  if (uid === undefined) return KEY_FILE;
  const path = join(dirname(KEY_FILE), `ledger-${uid}.key`);
  if (existsSync(path)) return path;
  copyFileSync(KEY_FILE, path);
  chownSync(path, uid, uid);
  return path;
}

/** Opens the ledger of an archive that is put together of parts. */
export function toOpenTestLedger(root: string) {
  return (archiveId: string, options: { readonly create: boolean }) =>
    Ledger.open(join(root, "ledger"), { archiveId, ...options, ...TEST_CUSTODIAN, run: "test", clock: TEST_CLOCK });
}
