import { rm } from "node:fs/promises";
import { join } from "node:path";
import { tryReadBoundedFile } from "../io/read-bounded-file.ts";
import { STAGED_SUFFIX } from "../io/staged-file.ts";
import type { SignedCheckpoint } from "./checkpoint.ts";
import { type LedgerPaths, toCheckpointName } from "./ledger-paths.ts";
import { listNames } from "./list-names.ts";
import { replaceText } from "./replace-text.ts";
import { STAMP_SUFFIX } from "./stamp-store.ts";

/** No checkpoint is nearly as long. */
const MAX_NOTE_BYTES = 1 << 20;

/** A file in the folder of checkpoints. */
export interface CheckpointFile {
  readonly path: string;
  /** The number of events that its name states; undefined when the name states none. */
  readonly size: number | undefined;
}

/**
 * Lists the checkpoints by their names, those of fewer events first; files in the making and time stamps are left out.
 *
 * @throws {StorageUnavailableError} the folder cannot be read.
 */
export async function listCheckpoints({ checkpoints }: LedgerPaths): Promise<readonly CheckpointFile[]> {
  const names = await listNames(checkpoints);
  const files = names
    .filter((name) => !name.endsWith(STAGED_SUFFIX) && !name.endsWith(STAMP_SUFFIX))
    .map((name) => ({ path: join(checkpoints, name), size: tryToSize(name) }));
  return files.sort((a, b) => (a.size ?? -1) - (b.size ?? -1));
}

/**
 * Reads what stands in a checkpoint's file.
 *
 * @throws {NotFoundError} it is gone.
 */
export async function loadNote(path: string): Promise<string> {
  const bytes = await tryReadBoundedFile(path, MAX_NOTE_BYTES);
  return bytes === undefined ? "" : Buffer.from(bytes).toString();
}

/**
 * Writes a checkpoint under its size, durably and at once or not at all.
 *
 * @throws {StorageFullError} no space left.
 */
export async function storeCheckpoint({ checkpoints }: LedgerPaths, { size, note }: SignedCheckpoint): Promise<void> {
  await replaceText(join(checkpoints, toCheckpointName(size)), note);
}

/** Removes the files in the making that a killed run has left. */
export async function sweepCheckpoints({ checkpoints }: LedgerPaths): Promise<void> {
  for (const name of await listNames(checkpoints)) {
    if (name.endsWith(STAGED_SUFFIX)) await rm(join(checkpoints, name), { force: true });
  }
}

function tryToSize(name: string): number | undefined {
  const size = /^\d{12,15}$/.test(name) ? Number(name) : undefined;
  return size !== undefined && toCheckpointName(size) === name ? size : undefined;
}
