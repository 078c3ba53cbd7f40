import { join } from "node:path";
import { Archive } from "./archive/archive.ts";
import { MARKER_KEY } from "./archive/archive-key.ts";
import { ArchiveNotFoundError } from "./archive/errors.ts";
import { SqliteCatalogue } from "./catalogue/sqlite/sqlite-catalogue.ts";
import type { Settings } from "./config/schema.ts";
import type { Clock } from "./core/clock.ts";
import type { Secret } from "./core/secret.ts";
import { isThere } from "./io/is-there.ts";
import { FsStorage } from "./storage/fs/fs-storage.ts";
import type { RecordingSource } from "./vendor/recording-source.ts";

/** How long one call to the vendor, or a gap in a download, may take. */
const VENDOR_TIMEOUT_MS = 30_000;

/** Tells whether there is an archive in a local folder. */
export function hasArchive(location: string): Promise<boolean> {
  return isThere(join(location, MARKER_KEY));
}

/**
 * Opens the archive in a local folder, for this process alone. The caller closes it.
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

/** Connects to the vendor's documented API. The caller closes it. The client is loaded here: few commands need one. */
export async function openSource(
  { baseUrl, auth }: Pick<Settings, "baseUrl" | "auth">,
  { apiKey, clock }: { readonly apiKey: Secret; readonly clock: Clock },
): Promise<RecordingSource> {
  const [{ AudianApi }, { DocumentedSource }] = await Promise.all([
    import("./vendor/documented/audian-api.ts"),
    import("./vendor/documented/documented-source.ts"),
  ]);
  return new DocumentedSource(new AudianApi({ baseUrl, apiKey, auth, clock, timeoutMs: VENDOR_TIMEOUT_MS }));
}
