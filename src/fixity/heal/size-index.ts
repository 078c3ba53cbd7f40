import { walkFiles } from "../../io/walk-files.ts";

/** The files of a folder, by their sizes. */
export interface SizeIndex {
  /** Gives the paths, from the folder, of the files of one size. */
  names(sizeBytes: number): readonly string[];
  /** How many folders and files could not be looked at. */
  readonly unlisted: number;
}

/**
 * Walks a folder for its regular files. What cannot be looked at is counted and left out.
 *
 * @throws the reason of `signal` when it aborts.
 */
export async function indexBySize(folder: string, signal: AbortSignal | undefined): Promise<SizeIndex> {
  const bySize = new Map<number, string[]>();
  let unlisted = 0;
  const onUnreadable = () => {
    unlisted += 1;
  };
  for await (const { path, sizeBytes, isRegular } of walkFiles(folder, onUnreadable)) {
    signal?.throwIfAborted();
    if (!isRegular) continue;
    const names = bySize.get(sizeBytes);
    if (names === undefined) bySize.set(sizeBytes, [path]);
    else names.push(path);
  }
  return { names: (sizeBytes) => bySize.get(sizeBytes) ?? [], unlisted };
}
