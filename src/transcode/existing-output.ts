import { dirname, resolve } from "node:path";
import { type Identity, identify } from "../audio/identify.ts";
import { readFileChunks } from "../io/read-file.ts";
import { tryLoadRecord } from "./conversion-record.ts";
import { OutputExistsError } from "./errors.ts";
import { isMadeFrom, type WantedConversion } from "./to-derivative.ts";

/**
 * Judges a file that stands where an output belongs, and is not to be replaced, by its record.
 *
 * @returns what it is, when it is the output; undefined when only making it again can tell: there is no record, it was checked
 * less than is wanted now, or a run was killed between the two.
 * @throws {OutputExistsError} its record says that it is something else.
 */
export async function judgeExisting(
  path: string,
  wanted: WantedConversion,
  signal: AbortSignal | undefined,
): Promise<Identity | undefined> {
  const record = await tryLoadRecord(path);
  if (record === undefined) return undefined;
  if (!isMadeFrom(record.output, { ...wanted, check: "structure" })) {
    const why = "its record says that it was made from something else, or in another way";
    throw new OutputExistsError(`${path} is there already: ${why}`);
  }
  if (!isMadeFrom(record.output, wanted)) return undefined;
  const identity = await identify(readFileChunks(path, signal));
  return identity.sha256 === record.output.sha256 ? identity : undefined;
}

/** Tells whether a file is what its record says, and was made from a source: then it is an output, whatever else it is named as. */
export async function isOutputOf(path: string, source: { readonly sha256: string }): Promise<boolean> {
  const record = await tryLoadRecord(path);
  if (record?.output.source.sha256 !== source.sha256) return false;
  const { sha256 } = await identify(readFileChunks(path));
  return sha256 === record.output.sha256;
}

/** Tells whether the record beside a file says that it was made from another: `a.mp3` from `a.wav`, which nothing made of it replaces. */
export async function isMadeFromFile(path: string, other: string): Promise<boolean> {
  const record = await tryLoadRecord(path);
  return record !== undefined && resolve(dirname(path), record.source.path) === resolve(other);
}
