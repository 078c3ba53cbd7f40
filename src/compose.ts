import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Archive } from "./archive/archive.ts";
import { MARKER_KEY } from "./archive/archive-key.ts";
import { ArchiveNotFoundError } from "./archive/errors.ts";
import type { RetryOptions } from "./async/retry.ts";
import { ConfigError } from "./config/errors.ts";
import type { Settings } from "./config/schema.ts";
import type { Clock } from "./core/clock.ts";
import type { Secret } from "./core/secret.ts";
import type { HealSource } from "./fixity/heal/heal-source.ts";
import type { VendorHealSourceOptions } from "./fixity/heal/vendor-heal-source.ts";
import type { Transfers } from "./ingest/transfer/transfer.ts";
import { toStorageError, toSystemCode } from "./io/errors.ts";
import { isThere } from "./io/is-there.ts";
import { liesWithin } from "./io/lies-within.ts";
import { toRealPath } from "./io/real-path.ts";
import { FsStorage } from "./storage/fs/fs-storage.ts";
import { type S3Place, tryParseS3Place } from "./storage/s3/s3-place.ts";
import type { AudianApi } from "./vendor/documented/audian-api.ts";
import type { RecordingSource } from "./vendor/recording-source.ts";

export type { AudianApi };

/** What says how the vendor is reached. */
export type VendorSettings = Pick<
  Settings,
  "baseUrl" | "auth" | "dialect" | "accountId" | "allowPrivateHosts" | "timeoutSeconds"
>;

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
export async function openArchive(
  location: string,
  { clock, create }: { readonly clock: Clock; readonly create: boolean },
): Promise<Archive> {
  if (!create && !(await hasArchive(location))) {
    throw new ArchiveNotFoundError(`no archive at ${location}`, {
      hint: "name it with --archive or HOLDFAST_ARCHIVE; `holdfast fetch` makes a new one",
    });
  }
  const { SqliteCatalogue } = await import("./catalogue/sqlite/sqlite-catalogue.ts");
  const catalogue = await SqliteCatalogue.open({
    path: join(location, "catalogue.sqlite"),
    lockPath: join(location, "tmp", "writer.lock"),
  });
  try {
    return await Archive.open({ storage: new FsStorage(location), catalogue, clock }, { create });
  } catch (error) {
    await catalogue.close();
    throw error;
  }
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

/** Connects to the vendor's documented API, call by call. The caller closes it. */
export async function openApi(
  { baseUrl, auth, allowPrivateHosts, timeoutSeconds }: VendorSettings,
  { apiKey, clock }: { readonly apiKey: Secret; readonly clock: Clock },
): Promise<AudianApi> {
  const { AudianApi } = await import("./vendor/documented/audian-api.ts");
  return new AudianApi({ baseUrl, apiKey, auth, allowPrivateHosts, clock, timeoutMs: timeoutSeconds * 1000 });
}

/** What {@link openHealSource} needs beside the name of the place. */
export interface HealSourceOptions {
  /** The one that is to be healed. */
  readonly archive: Archive;
  readonly settings: VendorSettings;
  /** Asked for the vendor's key only if it is the vendor that copies come from. */
  readonly loadApiKey: () => Promise<Secret>;
  readonly retry: Omit<RetryOptions, "signal">;
  readonly clock: Clock;
}

/**
 * Opens where copies come from: `vendor`, `s3://bucket/prefix` or a local folder. The caller closes it.
 *
 * @throws {ConfigError} it is no such place, or shares files with the archive itself.
 */
export async function openHealSource(place: string, options: HealSourceOptions): Promise<HealSource> {
  if (place === "vendor") return openVendorHealSource(options);
  const bucket = tryParseS3Place(place);
  if (bucket !== undefined) return openS3HealSource(bucket, options);
  // What is written there may hold a password.
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(place)) throw toNoPlaceError("neither s3://bucket/prefix nor a local folder");
  return openFolderHealSource(place, options);
}

async function openFolderHealSource(place: string, { archive }: HealSourceOptions): Promise<HealSource> {
  const [folder, own] = await Promise.all([toRealPath(place), toRealPath(archive.traits.location)]);
  if (liesWithin(folder, own) || liesWithin(own, folder)) {
    throw toNoPlaceError(`${place} and the archive share files, so it holds no copies of them`);
  }
  if (!(await isFolder(folder))) throw toNoPlaceError(`no folder at ${place}`);
  const { FolderHealSource } = await import("./fixity/heal/folder-heal-source.ts");
  return new FolderHealSource(folder);
}

async function openS3HealSource(place: S3Place, { settings }: HealSourceOptions): Promise<HealSource> {
  const [{ S3Reader }, { KeyedHealSource }] = await Promise.all([
    import("./storage/s3/s3-reader.ts"),
    import("./fixity/heal/keyed-heal-source.ts"),
  ]);
  return new KeyedHealSource(await S3Reader.open(place, { timeoutMs: settings.timeoutSeconds * 1000 }));
}

/** Few files are healed, one after the other: no threads are started for them. */
async function openVendorHealSource(options: HealSourceOptions): Promise<HealSource> {
  const { archive, settings, loadApiKey, retry, clock } = options;
  const source = await openSource(settings, { apiKey: await loadApiKey(), clock });
  const [{ DirectTransfers }, { VendorHealSource }] = await Promise.all([
    import("./ingest/transfer/direct-transfers.ts"),
    import("./fixity/heal/vendor-heal-source.ts"),
  ]);
  const { baseUrl, allowPrivateHosts, timeoutSeconds } = settings;
  const hosts = { baseUrl, allowPrivateHosts, timeoutMs: timeoutSeconds * 1000 };
  const transfers = new DirectTransfers({ ...hosts, concurrency: 1, bytesPerSecond: undefined }, clock);
  const close = async () => {
    await Promise.all([source.close(), transfers.close()]);
  };
  return new VendorHealSource({ source, download: toDownload(archive, transfers), retry, close });
}

function toDownload(archive: Archive, transfers: Transfers): VendorHealSourceOptions["download"] {
  return async ({ recordingId, sizeBytes, sha256 }, address, signal) => {
    const stem = await archive.resumableStem(recordingId);
    const promised = { sha256, sizeBytes, limitBytes: sizeBytes };
    const job = { subject: recordingId, address, stem, mayHoldBytes: true, ...promised, reads: 1 } as const;
    const { path, identity } = await transfers.run(job, { signal });
    return { staged: await archive.takeOver(path, { isRejected: true }), sha256: identity.sha256 };
  };
}

function toNoPlaceError(problem: string): ConfigError {
  return new ConfigError(`--heal cannot be used: ${problem}`, {
    hint: "name another copy of the archive, a folder with its files, s3://bucket/prefix, or vendor",
  });
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(toSystemCode(error) ?? "")) return false;
    throw toStorageError(path, error);
  }
}
