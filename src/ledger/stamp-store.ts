import { join } from "node:path";
import { tryReadBoundedFile } from "../io/read-bounded-file.ts";
import { toSafeName } from "../io/safe-name.ts";
import { toCheckpointName, toLedgerPaths } from "./ledger-paths.ts";
import { listNames } from "./list-names.ts";
import { replaceText } from "./replace-text.ts";

/** The end of a time stamp's name, which lies beside the checkpoint that was stamped. */
export const STAMP_SUFFIX = ".tsr";

/** Longer than any answer of an authority may be. */
const MAX_STAMP_BYTES = 1 << 17;

/** An authority's answer, and the checkpoint's file that it is about. */
export interface StampFile {
  readonly path: string;
  readonly checkpointPath: string;
}

/**
 * Lists the time stamps of a ledger's checkpoints, those of fewer events first.
 *
 * @throws {StorageUnavailableError} the folder cannot be read.
 */
export async function listStamps(folder: string): Promise<readonly StampFile[]> {
  const { checkpoints } = toLedgerPaths(folder);
  const names = (await listNames(checkpoints)).filter((name) => name.endsWith(STAMP_SUFFIX));
  return names.sort().map((name) => ({
    path: join(checkpoints, name),
    checkpointPath: join(checkpoints, name.split(".", 1)[0] ?? ""),
  }));
}

/**
 * Reads what stands in a time stamp's file; nothing when it is longer than any may be.
 *
 * @throws {NotFoundError} it is gone.
 */
export async function loadStamp(path: string): Promise<Uint8Array> {
  return (await tryReadBoundedFile(path, MAX_STAMP_BYTES)) ?? new Uint8Array(0);
}

/** Gives where the time stamp lies that an authority has put on a checkpoint: beside it, as `000000001234.HOST.tsr`. */
export function toStampPath(folder: string, { size, host }: { readonly size: number; readonly host: string }): string {
  return join(toLedgerPaths(folder).checkpoints, `${toCheckpointName(size)}.${toSafeName(host)}${STAMP_SUFFIX}`);
}

/**
 * Writes a time stamp, durably and at once or not at all.
 *
 * @throws {StorageFullError} no space left.
 */
export function storeStamp(path: string, response: Uint8Array): Promise<void> {
  return replaceText(path, response);
}
