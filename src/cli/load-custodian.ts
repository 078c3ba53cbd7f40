import { homedir, hostname } from "node:os";
import { join } from "node:path";
import { ArchiveNotFoundError } from "../archive/errors.ts";
import { type Custodian, loadArchiveMarker } from "../compose.ts";
import { tryReadBoundedFile } from "../io/read-bounded-file.ts";
import { SigningKeyError } from "../signing/errors.ts";
import { loadOrMakeSigningKey, loadSigningKey } from "../signing/load-signing-key.ts";
import { parsePublicKey } from "../signing/parse-public-key.ts";
import type { SigningKey } from "../signing/signing-key.ts";
import type { CommandContext } from "./command.ts";
import { toUserName } from "./user-name.ts";

/** What of a command's context says who works, and with which key. */
export type CustodianSource = Pick<CommandContext, "config" | "environment">;

/** A public key is a line. */
const MAX_PUBLIC_KEY_BYTES = 64 << 10;

/**
 * Finds who works on the archive, and the key that signs its ledger: the one that is set, else that of the user, which lies
 * outside of every archive. It is made the first time; where the ledger is signed already, it is not, unless the
 * configuration names the key before it: a new one could not go on with that ledger.
 *
 * @throws {SigningKeyError} a key is not there, cannot be read, or not be made.
 */
export async function loadCustodian(source: CustodianSource): Promise<Custodian> {
  const { archive, ledgerPreviousKeyFile } = source.config.settings;
  if (ledgerPreviousKeyFile !== undefined || (await findLedger(archive)) !== "begun")
    return loadOrMakeCustodian(source);
  return toCustodian(source, await loadSigningKey(toLedgerKeyPath(source)));
}

/** Finds them as {@link loadCustodian} does, and makes the key if there is none, whatever has signed before. */
export async function loadOrMakeCustodian(source: CustodianSource): Promise<Custodian> {
  return toCustodian(source, await loadOrMakeSigningKey(toLedgerKeyPath(source)));
}

/**
 * Tells whether an archive's ledger was ever begun, by the archive's marker.
 *
 * @returns undefined where there is no archive.
 */
export async function findLedger(archive: string): Promise<"begun" | "not-begun" | undefined> {
  try {
    const { ledger } = await loadArchiveMarker(archive);
    return ledger === undefined ? "not-begun" : "begun";
  } catch (error) {
    if (error instanceof ArchiveNotFoundError) return undefined;
    throw error;
  }
}

/**
 * Finds them as {@link loadCustodian} does for whoever only wants to look: where the archive's ledger is signed already, no
 * key is made that could not go on with it.
 *
 * @returns why there is no key that can be used, where there is none.
 * @throws {ArchiveNotFoundError} there is no archive.
 */
export async function tryLoadCustodian(source: CustodianSource): Promise<Custodian | SigningKeyError> {
  const { ledger } = await loadArchiveMarker(source.config.settings.archive);
  if (ledger === undefined) return loadCustodian(source);
  try {
    return await toCustodian(source, await loadSigningKey(toLedgerKeyPath(source)));
  } catch (error) {
    if (error instanceof SigningKeyError) return error;
    throw error;
  }
}

async function toCustodian(source: CustodianSource, key: SigningKey): Promise<Custodian> {
  const { ledgerPreviousKeyFile } = source.config.settings;
  const actor = toActor(source);
  if (ledgerPreviousKeyFile === undefined) return { actor, key };
  // A file too long to be a key is read as an empty one, which is none either.
  const text = (await tryReadBoundedFile(ledgerPreviousKeyFile, MAX_PUBLIC_KEY_BYTES)) ?? [];
  return { actor, key, previousKey: parsePublicKey(Buffer.from(text).toString("utf8"), ledgerPreviousKeyFile) };
}

/** Names who works, as the operator or the operating system does. */
export function toActor({ config: { settings } }: Pick<CustodianSource, "config">): string {
  return settings.actor ?? `${toUserName()}@${hostname()}`;
}

/**
 * Gives where the key lies that signs.
 *
 * @see XDG Base Directory Specification, `XDG_CONFIG_HOME`
 */
export function toLedgerKeyPath({ config: { settings }, environment }: CustodianSource): string {
  const folder = environment["XDG_CONFIG_HOME"] || join(environment["HOME"] || homedir(), ".config");
  return settings.ledgerKeyFile ?? join(folder, "holdfast", "ledger.key");
}
