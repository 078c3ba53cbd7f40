import type { PackageRequest } from "../export/package-request.ts";
import { loadPackageKey } from "../export/sign-package.ts";
import type { CommandContext } from "./command.ts";
import { loadTsaTrust } from "./commands/ledger/load-trust.ts";
import type { ExportFlags } from "./export-flags.ts";
import { toActor } from "./load-custodian.ts";

/**
 * Finds out what a package is to be by the flags, and loads what signs it.
 *
 * @throws {SigningKeyError} the key is not there, or cannot be used.
 * @throws {TimestampTrustError | NotFoundError} the certificates cannot be used.
 */
export async function loadPackageRequest(flags: ExportFlags, context: CommandContext): Promise<PackageRequest> {
  const { case: name, organisation, outFolder, form, loadFile, keyPath, tsaUrl, tsaCaPath } = flags;
  const identity = toActor(context);
  return {
    ...{ case: name, organisation, outFolder, form, loadFile, madeBy: identity },
    signer: keyPath === undefined ? undefined : { key: await loadPackageKey(keyPath), identity },
    stamp: tsaUrl === undefined ? undefined : await toStamp(tsaUrl, tsaCaPath, context),
  };
}

async function toStamp(url: string, caPath: string | undefined, { config }: CommandContext) {
  return { url, timeoutMs: config.settings.timeoutSeconds * 1000, trusted: await loadTsaTrust(caPath) };
}
