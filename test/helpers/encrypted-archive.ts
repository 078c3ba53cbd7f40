import { createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Archive } from "../../src/archive/archive.ts";
import { openArchive } from "../../src/compose.ts";
import { KeyRing } from "../../src/encryption/key-ring.ts";
import { LocalKeyProvider } from "../../src/encryption/local-key-provider.ts";
import { TEST_CLOCK } from "./test-clock.ts";
import { TEST_CUSTODIAN } from "./test-custodian.ts";

/** A key as an operator has one. */
export function makeOperatorKey(): KeyObject {
  return createSecretKey(randomBytes(32));
}

/** Opens the archive of a folder with a key, making it if need be; it is closed when the test ends, if it was not before. */
export async function openEncryptedArchive(folder: string, key: KeyObject | undefined): Promise<Archive> {
  const keys = key && new KeyRing(new LocalKeyProvider(key, "2025"), []);
  const options = { clock: TEST_CLOCK, create: true, custodian: TEST_CUSTODIAN, keys };
  const archive = await openArchive(join(folder, "archive"), options);
  onTestFinished(() => archive.close());
  return archive;
}
