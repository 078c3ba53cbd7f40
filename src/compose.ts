import { join } from "node:path";
import { Archive, type OpenLedger } from "./archive/archive.ts";
import { MARKER_KEY } from "./archive/archive-key.ts";
import { ArchiveNotFoundError } from "./archive/errors.ts";
import { loadMarker } from "./archive/marker.ts";
import type { RestartPorts } from "./archive/restart-ledger.ts";
import type { ArchiveMarker } from "./archive/schema.ts";
import { takeInbox } from "./archive/take-inbox.ts";
import type { Catalogue } from "./catalogue/catalogue.ts";
import type { KeyPlace, KeyPlaces } from "./config/encryption-settings.ts";
import { ConfigError } from "./config/errors.ts";
import type { Settings } from "./config/schema.ts";
import type { Clock } from "./core/clock.ts";
import { type HoldfastError, isHoldfastError } from "./core/errors.ts";
import { toRunId } from "./core/run-id.ts";
import type { Secret } from "./core/secret.ts";
import type { KeyProvider } from "./encryption/key-provider.ts";
import type { Transfers } from "./ingest/transfer/transfer.ts";
import { isStorageFull } from "./io/errors.ts";
import { isThere } from "./io/is-there.ts";
import type { Anchor } from "./ledger/anchor.ts";
import { LedgerBrokenError } from "./ledger/errors.ts";
import { Inbox } from "./ledger/inbox.ts";
import { Ledger } from "./ledger/ledger.ts";
import { LostLedger } from "./ledger/lost-ledger.ts";
import type { PublicKey } from "./signing/public-key.ts";
import type { SigningKey } from "./signing/signing-key.ts";
import { FsStorage } from "./storage/fs/fs-storage.ts";
import type { AudianApi } from "./vendor/documented/audian-api.ts";
import type { RecordingSource } from "./vendor/recording-source.ts";

export type { AudianApi };

/** What says how the vendor is reached. */
export type VendorSettings = Pick<
  Settings,
  "baseUrl" | "auth" | "dialect" | "accountId" | "allowPrivateHosts" | "timeoutSeconds"
>;

/** Who works on an archive, as its ledger is to name them, and what signs for them. */
export interface Custodian {
  readonly actor: string;
  readonly key: SigningKey;
  /** What signed before, when `key` is a new one: without it, a ledger that another key has signed is refused. */
  readonly previousKey?: PublicKey | undefined;
}

/** What {@link openArchive} needs beside the place. */
export interface OpenArchiveOptions {
  readonly clock: Clock;
  readonly create: boolean;
  readonly custodian: Custodian;
  /** What the ledger must extend, and where its newest checkpoint is kept when the archive is closed. @default nothing */
  readonly anchors?: readonly Anchor[] | undefined;
  /** What the ledger must extend beside them. @default nothing */
  readonly mustExtend?: readonly Anchor[] | undefined;
  /** Is told of what lay in the ledger's inbox and could not be taken into it. */
  readonly tell?: ((warning: string) => void) | undefined;
  /** See {@link openKeys}. @default what is stored stays in the clear */
  readonly keys?: KeyProvider | undefined;
}

const ARCHIVE_HINT = "name it with --archive or HOLDFAST_ARCHIVE; `holdfast fetch` makes a new one";

/** Tells whether there is an archive in a local folder. */
export function hasArchive(location: string): Promise<boolean> {
  return isThere(join(location, MARKER_KEY));
}

/**
 * Opens the archive in a local folder, for this process alone. The caller closes it. The catalogue's driver is loaded here:
 * converting or inspecting files needs none.
 *
 * @throws {CatalogueLockedError} another process works on it.
 * @throws {ArchiveNotFoundError} there is none, and `create` is not set.
 */
export function openArchive(location: string, options: OpenArchiveOptions): Promise<Archive> {
  return openWith(location, toOpenLedger(location, options), options);
}

/** What {@link openArchiveToVerify} needs beside the place. */
export interface OpenToVerifyOptions extends Omit<OpenArchiveOptions, "custodian"> {
  /** Or why there is no key that could sign. */
  readonly custodian: Custodian | HoldfastError;
}

/**
 * Opens the archive in a local folder as {@link openArchive} does, also where its ledger cannot be gone on with: that it is
 * broken, or has no room for an event, must not keep anybody from looking at the files. Nothing can be changed in it then, and
 * nothing is written in its ledger.
 *
 * @throws {CatalogueLockedError} another process works on it.
 * @throws {ArchiveNotFoundError} there is none, and `create` is not set.
 */
export async function openArchiveToVerify(location: string, options: OpenToVerifyOptions): Promise<Archive> {
  const { custodian } = options;
  const toLost = (archiveId: string, publicKey: PublicKey | undefined, loss: HoldfastError) =>
    new LostLedger(toLedgerFolder(location), { archiveId, publicKey, loss });
  if (isHoldfastError(custodian)) {
    return openWith(location, async (archiveId) => toLost(archiveId, undefined, custodian), options);
  }
  const openLedger = toOpenLedger(location, { ...options, custodian });
  const openIfSound: OpenLedger = async (archiveId, create) => {
    try {
      return await openLedger(archiveId, create);
    } catch (error) {
      if (error instanceof LedgerBrokenError) return toLost(archiveId, custodian.key.publicKey, error);
      throw error;
    }
  };
  try {
    return await openWith(location, openIfSound, options);
  } catch (error) {
    // While a change of keys is not written down, it cannot be told by which of the two the ledger must be judged.
    if (!isStorageFull(error) || custodian.previousKey !== undefined) throw error;
    return openWith(location, async (archiveId) => toLost(archiveId, custodian.key.publicKey, error), options);
  }
}

/** What {@link openRestart} needs beside the place. */
export type OpenRestartOptions = Pick<OpenArchiveOptions, "clock" | "custodian" | "anchors" | "keys">;

/**
 * Opens what the ledger of the archive in a local folder is restarted with, for this process alone. The caller closes the catalogue.
 *
 * @throws {CatalogueLockedError} another process works on it.
 * @throws {ArchiveNotFoundError} there is none.
 */
export async function openRestart(location: string, options: OpenRestartOptions): Promise<RestartPorts> {
  await assertArchive(location);
  const catalogue = await openCatalogue(location);
  return { ...options, storage: new FsStorage(location), catalogue, ledgerFolder: toLedgerFolder(location) };
}

async function assertArchive(location: string): Promise<void> {
  if (await hasArchive(location)) return;
  throw new ArchiveNotFoundError(`no archive at ${location}`, { hint: ARCHIVE_HINT });
}

function toOpenLedger(
  location: string,
  { clock, custodian, anchors = [], mustExtend = [] }: OpenArchiveOptions,
): OpenLedger {
  const fixed = { ...custodian, anchors: [...anchors, ...mustExtend], run: toRunId(clock.now()), clock };
  return (archiveId, options) => Ledger.open(toLedgerFolder(location), { archiveId, ...options, ...fixed });
}

async function openWith(
  location: string,
  openLedger: OpenLedger,
  { clock, create, anchors = [], tell, keys }: Omit<OpenArchiveOptions, "custodian">,
): Promise<Archive> {
  if (!create) await assertArchive(location);
  const catalogue = await openCatalogue(location);
  let archive: Archive;
  try {
    const ports = { storage: new FsStorage(location), catalogue, openLedger, anchors, clock, keys };
    archive = await Archive.open(ports, { create });
  } catch (error) {
    await catalogue.close();
    throw error;
  }
  if (archive.ledgerLoss !== undefined) return archive;
  try {
    await takeInbox(toInbox(location), archive, (path) =>
      tell?.(`no note of an access, and moved out of the ledger's inbox: ${path}`),
    );
    return archive;
  } catch (error) {
    await archive.close();
    throw error;
  }
}

/**
 * Opens the catalogue of the archive in a local folder, for this process alone. The caller closes it.
 *
 * @throws {CatalogueLockedError} another process works on the archive.
 * @throws {CatalogueInvalidError} it is none of this version.
 */
export async function openCatalogue(location: string): Promise<Catalogue> {
  const { SqliteCatalogue } = await import("./catalogue/sqlite/sqlite-catalogue.ts");
  return SqliteCatalogue.open({
    path: toCataloguePath(location),
    lockPath: join(location, "tmp", "writer.lock"),
  });
}

/** Gives where the catalogue of the archive in a local folder lies. */
export function toCataloguePath(location: string): string {
  return join(location, "catalogue.sqlite");
}

/** Gives where the ledger of the archive in a local folder lies. */
export function toLedgerFolder(location: string): string {
  return join(location, "ledger");
}

/** Gives where accesses to the archive in a local folder are noted while it is not open. */
export function toInbox(location: string): Inbox {
  return new Inbox(toLedgerFolder(location));
}

/**
 * Reads the marker of the archive in a local folder, without opening it: nothing is locked and nothing written.
 *
 * @throws {ArchiveNotFoundError} there is none.
 * @throws {ArchiveInvalidError} it cannot be read.
 */
export async function loadArchiveMarker(location: string): Promise<ArchiveMarker> {
  const marker = await loadMarker(new FsStorage(location));
  if (marker === undefined) throw new ArchiveNotFoundError(`no archive at ${location}`, { hint: ARCHIVE_HINT });
  return marker;
}

/**
 * Connects to the vendor, in the dialect that it is said to speak. The caller closes it. The client is loaded here: few
 * commands need one.
 *
 * @throws {ConfigError} nothing tells which account's recordings are meant.
 */
export async function openSource(
  { baseUrl, auth, dialect, accountId, allowPrivateHosts, timeoutSeconds }: VendorSettings,
  { apiKey, clock }: { readonly apiKey: Secret; readonly clock: Clock },
): Promise<RecordingSource> {
  const options = { baseUrl, apiKey, auth, allowPrivateHosts, clock, timeoutMs: timeoutSeconds * 1000 };
  if (dialect === "account") {
    if (accountId === undefined && auth !== "exchange") throw toNoAccountError();
    const { AccountSource } = await import("./vendor/account/account-source.ts");
    return new AccountSource({ ...options, accountId });
  }
  const [{ AudianApi }, { DocumentedSource }] = await Promise.all([
    import("./vendor/documented/audian-api.ts"),
    import("./vendor/documented/documented-source.ts"),
  ]);
  return new DocumentedSource(new AudianApi(options));
}

function toNoAccountError(): ConfigError {
  return new ConfigError("the account dialect needs an account", {
    hint: "name it with --account-id or AUDIAN_ACCOUNT_ID, or let --auth exchange find it",
  });
}

/** Cores that receiving, hashing and writing can make use of; more threads only share the same disk and network. */
const MAX_TRANSFER_THREADS = 4;

/** What {@link openTransfers} needs beside the settings. */
export interface TransfersOptions {
  readonly concurrency: number;
  readonly cores: number;
  readonly bytesPerSecond: number | undefined;
}

/**
 * Makes what brings recordings to disk: threads of its own, and just one where a bound on bytes per second has to be kept
 * by all together. The caller closes it.
 */
export async function openTransfers(
  { baseUrl, allowPrivateHosts, timeoutSeconds }: Pick<Settings, "baseUrl" | "allowPrivateHosts" | "timeoutSeconds">,
  { concurrency, cores, bytesPerSecond }: TransfersOptions,
): Promise<Transfers> {
  const { ThreadedTransfers } = await import("./ingest/transfer/threaded-transfers.ts");
  const settings = { baseUrl, allowPrivateHosts, timeoutMs: timeoutSeconds * 1000, concurrency, bytesPerSecond };
  const threads = bytesPerSecond === undefined ? Math.min(cores, concurrency, MAX_TRANSFER_THREADS) : 1;
  return new ThreadedTransfers({ ...settings, threads });
}

/** How long a command may take for one key: a key service is asked over a network. */
const KEY_COMMAND_TIMEOUT_MS = 30_000;

/**
 * Loads the operator's keys. What reads and uses them is loaded here: most archives are in the clear.
 *
 * @param environment - Holds the keys that are to come from there.
 * @throws {KeyInvalidError} one cannot be read, or is none.
 */
export async function openKeys(
  { current, previous }: KeyPlaces,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<KeyProvider> {
  const { KeyRing } = await import("./encryption/key-ring.ts");
  const open = (place: KeyPlace) => openKey(place, environment);
  return new KeyRing(await open(current), await Promise.all(previous.map(open)));
}

async function openKey(
  { from, keyId = "" }: KeyPlace,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<KeyProvider> {
  if (from.kind === "command") {
    const { CommandKeyProvider } = await import("./encryption/command-key-provider.ts");
    return new CommandKeyProvider({ ...from, timeoutMs: KEY_COMMAND_TIMEOUT_MS }, keyId);
  }
  const [{ LocalKeyProvider }, { loadKeyFile }, { parseKey }] = await Promise.all([
    import("./encryption/local-key-provider.ts"),
    import("./encryption/load-key-file.ts"),
    import("./encryption/parse-key.ts"),
  ]);
  const isFile = from.kind === "file";
  const variable = (name: string) => parseKey(Buffer.from(environment[name] ?? ""), `the variable ${name}`);
  return new LocalKeyProvider(isFile ? await loadKeyFile(from.path) : variable(from.variable), keyId || undefined);
}

/** Connects to the vendor's documented API, call by call. The caller closes it. */
export async function openApi(
  { baseUrl, auth, allowPrivateHosts, timeoutSeconds }: VendorSettings,
  { apiKey, clock }: { readonly apiKey: Secret; readonly clock: Clock },
): Promise<AudianApi> {
  const { AudianApi } = await import("./vendor/documented/audian-api.ts");
  return new AudianApi({ baseUrl, apiKey, auth, allowPrivateHosts, clock, timeoutMs: timeoutSeconds * 1000 });
}
