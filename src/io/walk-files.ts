import { globEntries } from "./glob-entries.ts";

/** One file, with its path as the walk was asked for it and its size. */
export interface WalkedFile {
  readonly path: string;
  /** 0 for what cannot be looked at. */
  readonly sizeBytes: number;
  /** False for a symbolic link, a socket or a device, and for a name that is no UTF-8. */
  readonly isRegular: boolean;
}

/**
 * Walks all that is not a folder below `directory`, hidden names too, without following symbolic links.
 * Paths are relative, with forward slashes; their order is the file system's.
 */
export async function* walkFiles(directory: string): AsyncGenerator<WalkedFile> {
  for await (const { path, stats } of globEntries("**", { folder: directory, hidden: true })) {
    yield { path, sizeBytes: stats?.size ?? 0, isRegular: stats?.isFile() === true };
  }
}
