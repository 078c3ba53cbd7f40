import type { AddChecks } from "../fixity/holdings/bag-holding.ts";
import { isPackage } from "../fixity/holdings/is-package.ts";
import { type PackageTrust, parseTrustedSigners, type TrustedSigners } from "../fixity/holdings/package-trust.ts";
import { tryReadBoundedFile } from "../io/read-bounded-file.ts";
import type { CommandContext } from "./command.ts";
import { loadPublicKey, loadTsaTrust } from "./commands/ledger/load-trust.ts";
import { refusePackageFlags, type VerifyFlags } from "./verify-flags.ts";

/** Some thousand keys. */
const MAX_SIGNERS_BYTES = 1 << 20;

/**
 * Reads what is known from elsewhere of packages that are to be verified.
 *
 * @throws {SigningKeyError | TimestampTrustError} it cannot be used.
 * @throws {NotFoundError} a file is not there.
 */
export async function loadPackageTrust(
  { signer, tsaCa, publicKey }: VerifyFlags,
  { clock }: Pick<CommandContext, "clock">,
): Promise<PackageTrust> {
  return {
    signers: signer === undefined ? undefined : await loadSigners(signer),
    certificates: await loadTsaTrust(tsaCa),
    ledgerKey: publicKey === undefined ? undefined : await loadPublicKey(publicKey),
    nowMs: clock.now(),
  };
}

async function loadSigners(path: string): Promise<TrustedSigners> {
  // A file that is too long is read as an empty one, which names nobody either.
  const bytes = (await tryReadBoundedFile(path, MAX_SIGNERS_BYTES)) ?? [];
  return parseTrustedSigners(Buffer.from(bytes).toString("utf8"), path);
}

/**
 * Checks of a bag what makes it a legal-hold package, if it says that it is one.
 *
 * @throws {UsageError} from what is returned: it is none, and a flag for such was given.
 */
export function toPackageChecks(flags: VerifyFlags, trust: PackageTrust): AddChecks {
  return async (bag, files) => {
    if (isPackage(files)) {
      const { toPackageHolding } = await import("../fixity/holdings/package-holding.ts");
      return toPackageHolding(bag, files, trust);
    }
    refusePackageFlags(flags, files.location);
    return bag;
  };
}
