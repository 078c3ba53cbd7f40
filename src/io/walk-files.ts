import fastGlob from "fast-glob";

/** One file, with its path as the walk was asked for it and its size. */
export interface WalkedFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** False for a symbolic link, a socket or a device: what stands there is not a file's own bytes. */
  readonly isRegular: boolean;
}

/**
 * Walks all that is not a folder below `directory`, hidden names too, without following symbolic links.
 * Paths are relative, with forward slashes; their order is the file system's.
 */
export async function* walkFiles(directory: string): AsyncGenerator<WalkedFile> {
  const entries = fastGlob.stream("**", {
    cwd: directory,
    dot: true,
    onlyFiles: false,
    followSymbolicLinks: false,
    stats: true,
    suppressErrors: false,
  });
  for await (const entry of entries as AsyncIterable<string | fastGlob.Entry>) {
    if (typeof entry === "string" || entry.stats === undefined) {
      throw new Error("internal error: fast-glob gave an entry without its stats");
    }
    if (entry.stats.isDirectory()) continue;
    yield { path: entry.path, sizeBytes: entry.stats.size, isRegular: entry.stats.isFile() };
  }
}
