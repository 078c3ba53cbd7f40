import { basename, dirname, join, relative, sep } from "node:path";
import { MARKER_KEY, QUARANTINE_PREFIX, RECORDINGS_PREFIX } from "../archive/archive-key.ts";
import { isHoldfastError } from "../core/errors.ts";
import { parseRecordingId, type RecordingId } from "../core/recording-id.ts";
import { type StorageKey, toStorageKey } from "../core/storage-key.ts";
import { tryParseJson } from "../core/try-parse-json.ts";
import { findUpwards } from "../io/find-upwards.ts";
import { tryReadBoundedFile } from "../io/read-bounded-file.ts";
import { toRealPath } from "../io/real-path.ts";

/** Files of one archive. */
export interface AccessedFiles {
  /** The archive's folder. */
  readonly location: string;
  readonly keys: readonly StorageKey[];
  /** The recording that all of them belong to, where that is one and its record names it. */
  readonly recordingId: RecordingId | undefined;
}

/** A sidecar has some kilobytes, and more only where a recording has thousands of defects. */
const MAX_SIDECAR_BYTES = 16 * 1024 ** 2;

/** Finds those of some files that lie in archives, whatever links lead to them: recordings, derivatives, what is in quarantine. */
export async function findAccessed(paths: readonly string[]): Promise<readonly AccessedFiles[]> {
  const archives = new Map<string, Map<StorageKey, string>>();
  const locations = new Map<string, string | undefined>();
  for (const path of paths) {
    const real = await toRealPath(path);
    const folder = dirname(real);
    if (!locations.has(folder)) locations.set(folder, await findUpwards(folder, MARKER_KEY));
    const location = locations.get(folder);
    const key = location === undefined ? undefined : tryToKey(location, real);
    if (location === undefined || key === undefined) continue;
    archives.set(location, (archives.get(location) ?? new Map<StorageKey, string>()).set(key, real));
  }
  return Promise.all([...archives].map(([location, files]) => toAccessed(location, files)));
}

function tryToKey(location: string, path: string): StorageKey | undefined {
  const parts = relative(location, path).split(sep);
  const isAudio = [RECORDINGS_PREFIX, QUARANTINE_PREFIX].some((prefix) => prefix === parts[0]);
  return isAudio ? toStorageKey(...parts) : undefined;
}

async function toAccessed(location: string, files: ReadonlyMap<StorageKey, string>): Promise<AccessedFiles> {
  const [path] = files.values();
  const recordingId = files.size === 1 && path !== undefined ? await tryFindId(path) : undefined;
  return { location, keys: [...files.keys()], recordingId };
}

/** The record of `a.mp3`, of the derivative `a.opus-32k.opus` and of `a` in quarantine are `a.json`, beside them. */
async function tryFindId(path: string): Promise<RecordingId | undefined> {
  let name = basename(path);
  for (let tries = 0; tries < 3; tries += 1) {
    const recordingId = await tryReadId(join(dirname(path), `${name}.json`));
    if (recordingId !== undefined) return recordingId;
    name = name.replace(/\.[^.]*$/, "");
  }
  return undefined;
}

/** A record that cannot be read or names nothing is as good as none: verifying tells of it. */
async function tryReadId(path: string): Promise<RecordingId | undefined> {
  try {
    const bytes = await tryReadBoundedFile(path, MAX_SIDECAR_BYTES);
    const record = bytes && tryParseJson(Buffer.from(bytes).toString("utf8"));
    const id =
      typeof record === "object" && record !== null && "recordingId" in record ? record.recordingId : undefined;
    return typeof id === "string" ? parseRecordingId(id) : undefined;
  } catch (error) {
    if (isHoldfastError(error)) return undefined;
    throw error;
  }
}
