import { createHash } from "node:crypto";
import type { Archive, StagedObject } from "../../archive/archive.ts";
import type { ArchivedFile } from "../../core/archived-file.ts";
import { isHoldfastError } from "../../core/errors.ts";
import type { Candidate, HealSource } from "./heal-source.ts";

/** A candidate that was of no use. */
export interface TriedCandidate {
  readonly origin: string;
  readonly why: string;
}

/** A copy of a recorded file, safely on disk under a name that is not final; or what was tried in vain. */
export type StagedCopy =
  | { readonly staged: StagedObject; readonly from: string }
  | { readonly staged: undefined; readonly tried: readonly TriedCandidate[] };

/**
 * Copies a file's candidates into the archive's staging place, one after the other, until one has the recorded size and
 * digest. Nothing else is left there. The caller commits or discards the copy.
 *
 * @throws {StorageFullError} the archive has no room for it.
 * @throws the reason of `signal` when it aborts.
 */
export async function stageCopy(
  archive: Archive,
  wanted: ArchivedFile,
  { source, signal }: { readonly source: HealSource; readonly signal?: AbortSignal | undefined },
): Promise<StagedCopy> {
  const tried: TriedCandidate[] = [];
  for await (const candidate of listCandidates(source, wanted, signal)) {
    const staged = archive.stage("copy");
    let isCopy = false;
    try {
      const why = await fill(staged, candidate, { wanted, signal });
      isCopy = why === undefined;
      if (why === undefined) return { staged, from: candidate.origin };
      tried.push({ origin: candidate.origin, why });
    } finally {
      if (!isCopy) await staged.discard();
    }
  }
  return { staged: undefined, tried };
}

/** A source that fails gives one more candidate, whose reading fails in the same way. */
async function* listCandidates(
  source: HealSource,
  wanted: ArchivedFile,
  signal: AbortSignal | undefined,
): AsyncGenerator<Candidate> {
  try {
    yield* source.candidates(wanted, signal);
  } catch (error) {
    yield {
      origin: source.traits.location,
      read: () => {
        throw error;
      },
    };
  }
}

/** What is wanted of a candidate's bytes. */
interface Wish {
  readonly wanted: ArchivedFile;
  readonly signal: AbortSignal | undefined;
}

/** The candidate's own fault, told from a failure to write what it gave. */
class CandidateError extends Error {}

/** Gives undefined when the staged bytes are a copy, on disk; else why they are none. */
async function fill(staged: StagedObject, candidate: Candidate, wish: Wish): Promise<string | undefined> {
  const { wanted } = wish;
  const hash = createHash("sha256");
  let sizeBytes = 0;
  try {
    await staged.write(readBounded(candidate, wish), (chunk) => {
      hash.update(chunk);
      sizeBytes += chunk.length;
    });
  } catch (error) {
    if (error instanceof CandidateError) return error.message;
    throw error;
  }
  if (sizeBytes !== wanted.sizeBytes) return `it has ${sizeBytes} bytes instead of ${wanted.sizeBytes}`;
  const sha256 = hash.digest("hex");
  if (sha256 !== wanted.sha256) return `its sha256 is ${sha256} instead of ${wanted.sha256}`;
  await staged.seal();
  return undefined;
}

/** Reads a candidate, and no more of it than can be of use. */
async function* readBounded(candidate: Candidate, { wanted, signal }: Wish): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0;
  try {
    for await (const chunk of candidate.read()) {
      signal?.throwIfAborted();
      sizeBytes += chunk.length;
      if (sizeBytes > wanted.sizeBytes) throw new CandidateError(`it has more than ${wanted.sizeBytes} bytes`);
      yield chunk;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw isHoldfastError(error) ? new CandidateError(error.message, { cause: error }) : error;
  }
}
