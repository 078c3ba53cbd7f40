import { join } from "node:path";
import { Archive } from "./archive/archive.ts";
import { MARKER_KEY } from "./archive/archive-key.ts";
import { ArchiveNotFoundError } from "./archive/errors.ts";
import { ConfigError } from "./config/errors.ts";
import type { Settings } from "./config/schema.ts";
import type { Clock } from "./core/clock.ts";
import type { Secret } from "./core/secret.ts";
import type { Transfers } from "./ingest/transfer/transfer.ts";
import { isThere } from "./io/is-there.ts";
import { FsStorage } from "./storage/fs/fs-storage.ts";
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
