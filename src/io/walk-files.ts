import { opendir } from "node:fs/promises";
import { type OnUnreadable, type SeenFile, seeFile } from "./seen-file.ts";

/**
 * Walks all that is not a folder below `directory`, hidden names too, without following symbolic links.
 * Paths are relative, with forward slashes; their order is the file system's.
 *
 * @param onUnreadable - Is told the whole path of what cannot be looked at. @default the walk ends with the error
 * @throws the system's error, unless `onUnreadable` takes it.
 */
export async function* walkFiles(directory: string, onUnreadable: OnUnreadable = throwIt): AsyncGenerator<SeenFile> {
  const root = directory.replace(/\/+$/, "");
  const folders = ["/"];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    try {
      for await (const entry of await opendir(root + folder)) {
        const place = folder + entry.name;
        if (entry.isDirectory()) {
          folders.push(`${place}/`);
          continue;
        }
        try {
          yield await seeFile(root + place, place.slice(1));
        } catch (error) {
          onUnreadable(root + place, error);
        }
      }
    } catch (error) {
      onUnreadable(root + folder.replace(/\/$/, "") || "/", error);
    }
  }
}

function throwIt(_path: string, error: unknown): never {
  throw error;
}
