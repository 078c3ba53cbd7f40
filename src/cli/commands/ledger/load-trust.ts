import { isThere } from "../../../io/is-there.ts";
import { tryReadBoundedFile } from "../../../io/read-bounded-file.ts";
import { loadSigningKey } from "../../../signing/load-signing-key.ts";
import { parsePublicKey } from "../../../signing/parse-public-key.ts";
import type { PublicKey } from "../../../signing/public-key.ts";
import { parseTrustedCertificates, type TrustedCertificates } from "../../../timestamp/trusted-certificates.ts";
import type { CommandContext } from "../../command.ts";
import { toLedgerKeyPath } from "../../load-custodian.ts";

/** A public key is a line. */
const MAX_PUBLIC_KEY_BYTES = 64 << 10;
/** The bundle of all authorities that a system trusts has some 200 kB. */
const MAX_CERTIFICATES_BYTES = 1 << 24;

/** The key that must have signed. */
export interface Trust {
  readonly publicKey: PublicKey;
  /** The file that it was read from. */
  readonly path: string;
}

/**
 * Finds the key that a ledger's checkpoints are to be signed with: one that is named, else the public half of the one that
 * signs here. None is made; without one, the key beside the ledger has to be believed.
 *
 * @throws {SigningKeyError} it is there and cannot be used.
 * @throws {NotFoundError} the file that was named is not there.
 */
export async function loadTrust(
  publicKeyFile: string | undefined,
  context: CommandContext,
): Promise<Trust | undefined> {
  if (publicKeyFile !== undefined) {
    return { publicKey: await loadPublicKey(publicKeyFile), path: publicKeyFile };
  }
  const path = toLedgerKeyPath(context);
  return (await isThere(path)) ? { publicKey: (await loadSigningKey(path)).publicKey, path } : undefined;
}

/**
 * Reads a public key that is named.
 *
 * @throws {SigningKeyError} it cannot be used.
 * @throws {NotFoundError} the file is not there.
 */
export async function loadPublicKey(path: string): Promise<PublicKey> {
  return parsePublicKey(await readText(path, MAX_PUBLIC_KEY_BYTES), path);
}

/**
 * Reads the certificates that time stamps must lead to; undefined when none are named.
 *
 * @throws {TimestampTrustError} they cannot be used.
 * @throws {NotFoundError} the file is not there.
 */
export async function loadTsaTrust(path: string | undefined): Promise<TrustedCertificates | undefined> {
  return path === undefined ? undefined : parseTrustedCertificates(await readText(path, MAX_CERTIFICATES_BYTES), path);
}

/** What is longer than it can be is read as nothing, which is refused too. */
async function readText(path: string, maxBytes: number): Promise<string> {
  return Buffer.from((await tryReadBoundedFile(path, maxBytes)) ?? []).toString("utf8");
}
