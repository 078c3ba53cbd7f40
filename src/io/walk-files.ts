import { type OnUnreadable, type SeenFile, seeFile } from "./seen-file.ts";
import { walkNames } from "./walk-names.ts";

/**
 * Walks all that is not a folder below `directory`, hidden names too, and looks at each, without following symbolic links.
 * Paths are relative, with forward slashes; their order is the file system's.
 *
 * @param onUnreadable - Is told the whole path of what cannot be looked at. @default the walk ends with the error
 * @throws the system's error, unless `onUnreadable` takes it.
 */
export async function* walkFiles(directory: string, onUnreadable: OnUnreadable = throwIt): AsyncGenerator<SeenFile> {
  const root = directory.replace(/\/+$/, "");
  for await (const { path } of walkNames(directory, onUnreadable)) {
    try {
      yield await seeFile(`${root}/${path}`, path);
    } catch (error) {
      onUnreadable(`${root}/${path}`, error);
    }
  }
}

function throwIt(_path: string, error: unknown): never {
  throw error;
}
