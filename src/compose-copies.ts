import { stat } from "node:fs/promises";
import type { Archive } from "./archive/archive.ts";
import type { RetryOptions } from "./async/retry.ts";
import { openSource, type VendorSettings } from "./compose.ts";
import { ConfigError } from "./config/errors.ts";
import type { Settings } from "./config/schema.ts";
import type { Clock } from "./core/clock.ts";
import type { Secret } from "./core/secret.ts";
import type { StorageKey } from "./core/storage-key.ts";
import type { CopyPlace } from "./custody/purge-copies.ts";
import type { HealSource } from "./fixity/heal/heal-source.ts";
import type { VendorHealSourceOptions } from "./fixity/heal/vendor-heal-source.ts";
import type { Transfers } from "./ingest/transfer/transfer.ts";
import { toStorageError, toSystemCode } from "./io/errors.ts";
import { liesWithin } from "./io/lies-within.ts";
import { toRealPath } from "./io/real-path.ts";
import { loadWhereabouts, type Whereabouts } from "./io/whereabouts.ts";
import { type S3Place, tryParseS3Place } from "./storage/s3/s3-place.ts";

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
  return openFolderHealSource(place, options.archive, toNoHealPlaceError);
}

/** What {@link openCopyPlace} needs beside the name of the place. */
export interface CopyPlaceOptions {
  /** The one whose copies are looked for. */
  readonly archive: Archive;
  readonly settings: Pick<Settings, "timeoutSeconds">;
}

/**
 * Opens where another copy of an archive's recordings is read: `s3://bucket/prefix` or a local folder. The caller closes it.
 *
 * @throws {ConfigError} it is no such place, or shares files with the archive itself.
 */
export async function openCopyPlace(place: string, { archive, settings }: CopyPlaceOptions): Promise<CopyPlace> {
  const bucket = tryParseS3Place(place);
  if (bucket === undefined) {
    return toCopyPlace(await openFolderHealSource(place, archive, toNoCopyPlaceError), loadWhereabouts);
  }
  const whereabouts = { storage: `s3://${bucket.bucket}`, fileId: undefined };
  return toCopyPlace(await openS3HealSource(bucket, { settings }), async () => whereabouts);
}

/** Tells where a file of an archive really lies. */
export function toWhereabouts(archive: Archive): (key: StorageKey) => Promise<Whereabouts> {
  return (key) => loadWhereabouts(archive.toPath(key));
}

function toCopyPlace(source: HealSource, locate: (origin: string) => Promise<Whereabouts>): CopyPlace {
  return {
    traits: source.traits,
    candidates: (wanted, signal) => source.candidates(wanted, signal),
    locate: ({ origin }) => locate(origin),
    close: () => source.close(),
  };
}

async function openFolderHealSource(
  place: string,
  archive: Archive,
  toError: (problem: string) => ConfigError,
): Promise<HealSource> {
  // What is written there may hold a password.
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(place)) throw toError("neither s3://bucket/prefix nor a local folder");
  const [folder, own] = await Promise.all([toRealPath(place), toRealPath(archive.traits.location)]);
  if (liesWithin(folder, own) || liesWithin(own, folder)) {
    throw toError(`${place} and the archive share files, so it holds no copies of them`);
  }
  if (!(await isFolder(folder))) throw toError(`no folder at ${place}`);
  const { FolderHealSource } = await import("./fixity/heal/folder-heal-source.ts");
  return new FolderHealSource(folder);
}

async function openS3HealSource(place: S3Place, { settings }: Pick<CopyPlaceOptions, "settings">): Promise<HealSource> {
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

function toNoCopyPlaceError(problem: string): ConfigError {
  return new ConfigError(`--copy cannot be used: ${problem}`, {
    hint: "name another copy of the archive: a folder on another disk, or s3://bucket/prefix",
  });
}

function toNoHealPlaceError(problem: string): ConfigError {
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
