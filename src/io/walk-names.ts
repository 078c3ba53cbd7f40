import { type Dirent, lstatSync } from "node:fs";
import { opendir } from "node:fs/promises";
import type { OnUnreadable } from "./seen-file.ts";

/** Something that is no folder, by its name alone. */
export interface NamedFile {
  /** Relative to the folder that is walked, with forward slashes. */
  readonly path: string;
  /** False for a symbolic link, a socket or a device. */
  readonly isRegular: boolean;
}

/** Entries that one trip to the thread pool brings: by itself Node takes 32. */
const ENTRIES_AT_ONCE = 1024;

/**
 * Walks the names of all that is not a folder below `directory`, hidden ones too, without following symbolic links and
 * without looking at the files themselves. The order is the file system's. A name that is no UTF-8 is given as Node reads it,
 * under which there is nothing.
 *
 * @param onUnreadable - Is told the whole path of a folder that cannot be listed. @default the walk ends with the error
 * @throws the system's error, unless `onUnreadable` takes it.
 */
export async function* walkNames(directory: string, onUnreadable: OnUnreadable = throwIt): AsyncGenerator<NamedFile> {
  const root = directory.replace(/\/+$/, "");
  const folders = ["/"];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    try {
      for await (const entry of await opendir(root + folder, { bufferSize: ENTRIES_AT_ONCE })) {
        const place = folder + entry.name;
        const kind = toKind(entry, root + place);
        if (kind === "folder") folders.push(`${place}/`);
        else yield { path: place.slice(1), isRegular: kind === "regular" };
      }
    } catch (error) {
      onUnreadable(root + folder.replace(/\/$/, "") || "/", error);
    }
  }
}

/** Some file systems do not tell in a listing what an entry is. */
function toKind(entry: Dirent, path: string): "folder" | "regular" | "other" {
  if (entry.isDirectory()) return "folder";
  if (entry.isFile()) return "regular";
  if (entry.isSymbolicLink() || entry.isFIFO() || entry.isSocket() || isDevice(entry)) return "other";
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isDirectory() ? "folder" : stats?.isFile() ? "regular" : "other";
}

function isDevice(entry: Dirent): boolean {
  return entry.isBlockDevice() || entry.isCharacterDevice();
}

function throwIt(_path: string, error: unknown): never {
  throw error;
}
