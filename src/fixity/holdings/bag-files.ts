import { PAYLOAD_FOLDER } from "../../bag/bag-path.ts";
import { DECLARATION_NAME } from "../../bag/declaration.ts";
import type { Finding } from "../../core/finding.ts";
import { toStorageError, toSystemCode } from "../../io/errors.ts";
import { isThere } from "../../io/is-there.ts";
import { tryReadBoundedFile } from "../../io/read-bounded-file.ts";
import { type FileSpan, readFileChunks } from "../../io/read-file.ts";
import { walkNames } from "../../io/walk-names.ts";

/** A manifest of more has some million lines; a text of more does not fit a string. */
export const MAX_TAG_FILE_BYTES = 256 << 20;

/** The files of a bag, by their paths in it, whether they lie in a folder or in a container. */
export interface BagFiles {
  /** How reports name the bag; a file of it is named by this, a slash and its path. */
  readonly location: string;
  readonly regular: ReadonlySet<string>;
  /** Symbolic links, pipes, devices: they are neither followed nor read. */
  readonly other: ReadonlySet<string>;
  readonly hasPayloadFolder: boolean;

  /**
   * Reads a small file at once.
   *
   * @returns undefined when it is too large for that.
   * @throws {NotFoundError} there is none.
   * @throws {StorageUnavailableError} it cannot be read.
   */
  read(name: string): Promise<Uint8Array | undefined>;

  /**
   * Reads a file of any length. Each chunk is good until the next is asked for.
   *
   * @throws {NotFoundError} there is none.
   * @throws {StorageUnavailableError} it cannot be read to its end.
   */
  chunks(name: string, signal?: AbortSignal): AsyncIterable<Uint8Array>;
}

/** The files of a bag as a {@link Holding} needs them. */
export interface OpenedBagFiles extends BagFiles {
  /** What is wrong with the place itself, such as a folder that cannot be listed. */
  readonly findings: readonly Finding[];

  /** Gives where a file lies in another; undefined where it is a file of its own. */
  tryLocate(name: string): FileSpan | undefined;

  /** Tells whether the place can be reached at all. */
  isReachable(): Promise<boolean>;

  /** Gives what shows only when all was read: a container that is not the one that was opened any more. */
  conclude(): Promise<readonly Finding[]>;
}

/**
 * Lists the folder of a bag, without following symbolic links.
 *
 * @throws {NotFoundError} there is no such folder.
 * @throws {StorageUnavailableError} it cannot be listed; a folder in it that cannot be is a finding.
 */
export async function openFolderBagFiles(folder: string): Promise<OpenedBagFiles> {
  const root = folder.replace(/(?<=.)\/+$/, "");
  const [regular, other] = [new Set<string>(), new Set<string>()];
  const findings: Finding[] = [];
  const onUnreadable = (path: string, error: unknown) => {
    if (path === root || toSystemCode(error) === undefined) throw toStorageError(path, error);
    const message = `the folder cannot be listed, so that it is not known what else it holds: ${toSystemCode(error)}`;
    findings.push({ kind: "unreadable", subject: path, message, detail: {} });
  };
  for await (const { path, isRegular } of walkNames(root, onUnreadable)) (isRegular ? regular : other).add(path);
  return {
    location: root,
    regular,
    other,
    hasPayloadFolder:
      !other.has(PAYLOAD_FOLDER) && !regular.has(PAYLOAD_FOLDER) && (await isThere(`${root}/${PAYLOAD_FOLDER}`)),
    findings,
    read: (name) => tryReadBoundedFile(`${root}/${name}`, MAX_TAG_FILE_BYTES),
    chunks: (name, signal) => readFileChunks(`${root}/${name}`, signal),
    tryLocate: () => undefined,
    isReachable: () => isThere(regular.has(DECLARATION_NAME) ? `${root}/${DECLARATION_NAME}` : root),
    conclude: async () => [],
  };
}
