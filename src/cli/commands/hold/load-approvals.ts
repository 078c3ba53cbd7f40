import { ConfigError } from "../../../config/errors.ts";
import { isHoldfastError } from "../../../core/errors.ts";
import type { Approval } from "../../../custody/hold-approval.ts";
import { tryReadBoundedFile } from "../../../io/read-bounded-file.ts";
import { type AllowedSigner, parseAllowedSigners } from "../../../signing/allowed-signers.ts";
import { UsageError } from "../../errors.ts";
import type { Output } from "../../terminal.ts";

/** A signature takes some hundred bytes; it goes into the ledger. */
const MAX_APPROVAL_BYTES = 16 * 1024;
const MAX_SIGNERS_BYTES = 1024 * 1024;

/**
 * Reads the files of signatures, each once.
 *
 * @throws {NotFoundError | StorageUnavailableError} one cannot be read.
 * @throws {UsageError} one is too long for a signature.
 */
export async function loadApprovals(paths: readonly string[]): Promise<readonly Approval[]> {
  const approvals: Approval[] = [];
  for (const path of new Set(paths)) {
    const bytes = await tryReadBoundedFile(path, MAX_APPROVAL_BYTES);
    if (bytes === undefined)
      throw new UsageError(`--approval takes a signature, and this is too long for one: ${path}`);
    approvals.push({ name: path, signature: Buffer.from(bytes).toString("utf8") });
  }
  return approvals;
}

/**
 * Reads whose signatures count, and says which lines of the file allow nobody.
 *
 * @param options.isNeeded - Whether there are signatures that nobody could check without it.
 * @throws {ConfigError} the file is not set and needed, or cannot be read.
 */
export async function loadSigners(
  approversFile: string | undefined,
  { isNeeded, output }: { readonly isNeeded: boolean; readonly output: Output },
): Promise<readonly AllowedSigner[]> {
  if (approversFile === undefined) {
    if (!isNeeded) return [];
    throw new ConfigError("approvals cannot be checked: holds.approversFile is not set in the configuration file");
  }
  const { signers, remarks } = parseAllowedSigners(await readSigners(approversFile));
  for (const remark of remarks) output.note(`${approversFile}: ${remark}`);
  return signers;
}

async function readSigners(path: string): Promise<string> {
  try {
    const bytes = await tryReadBoundedFile(path, MAX_SIGNERS_BYTES);
    if (bytes !== undefined) return Buffer.from(bytes).toString("utf8");
  } catch (error) {
    if (!isHoldfastError(error)) throw error;
    throw new ConfigError(`holds.approversFile cannot be read: ${path}`, { cause: error });
  }
  throw new ConfigError(`holds.approversFile is too long: ${path}`);
}
