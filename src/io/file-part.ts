import { OWNER } from "./abandoned-files.ts";
import { PRIVATE } from "./permissions.ts";
import { type ByteSpan, readFileChunks } from "./read-file.ts";
import { StagedFile } from "./staged-file.ts";

/** A part of a file, and where it may stand alone for a while. */
export interface FilePart {
  readonly path: string;
  readonly span: ByteSpan;
  readonly folder: string;
}

/**
 * Copies a part of a file, for its owner alone, and calls `use` with the path of the copy, which is removed when `use`
 * settles.
 *
 * @throws {NotFoundError | StorageUnavailableError} the file cannot be read.
 * @throws {StorageFullError} there is no space for the copy.
 */
export async function withFilePart<T>(
  { path, span, folder }: FilePart,
  use: (partPath: string) => Promise<T>,
): Promise<T> {
  const staged = new StagedFile(folder, `.stream.${OWNER}`, PRIVATE);
  try {
    await staged.write(readFileChunks(path, undefined, span), () => undefined);
    return await use(staged.path);
  } finally {
    await staged.discard();
  }
}
