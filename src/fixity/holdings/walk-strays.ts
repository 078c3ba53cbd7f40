import { relative } from "node:path";
import { toStorageError } from "../../io/errors.ts";
import { toRealPath } from "../../io/real-path.ts";
import { walkNames } from "../../io/walk-names.ts";
import type { Stray } from "../holding.ts";
import { toPlaces } from "./listed-place.ts";

/** What is no stray. */
export interface StrayOptions {
  /** The ways from the folder to the records themselves. */
  readonly ignored: readonly string[];
  /** What the records name, by its way from the folder. */
  readonly named: ReadonlyMap<string, unknown>;
}

/**
 * Walks what stands in a folder and what no record names.
 *
 * @throws {StorageUnavailableError} a folder cannot be listed.
 */
export async function* walkStrays(folder: string, { ignored, named }: StrayOptions): AsyncGenerator<Stray> {
  const { toPlace } = toPlaces(folder);
  const skipped = new Set(ignored);
  try {
    for await (const { path, isRegular } of walkNames(folder)) {
      if (!named.has(path) && !skipped.has(path)) yield { path: toPlace(path), isRegular };
    }
  } catch (error) {
    throw toStorageError(folder, error);
  }
}

/** Gives the way from a folder to a file, as a walk of the folder comes upon it; anything else if it does not. */
export async function toWay(folder: string, path: string): Promise<string> {
  return relative(await toRealPath(folder), await toRealPath(path));
}

/** Tells whether there is anything at all in a folder. */
export async function hasEntries(folder: string): Promise<boolean> {
  for await (const _ of walkNames(folder, () => undefined)) return true;
  return false;
}
