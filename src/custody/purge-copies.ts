import type { ArchivedFile } from "../core/archived-file.ts";
import { type Clock, toIsoInstant } from "../core/clock.ts";
import type { Sha256Hex } from "../core/digest.ts";
import { isHoldfastError } from "../core/errors.ts";
import type { Finding } from "../core/finding.ts";
import { hashChunks } from "../io/hash-chunks.ts";
import type { Whereabouts } from "../io/whereabouts.ts";

/** Bytes in another place that may be those of a recorded file. */
export interface CopyCandidate {
  /** Where they come from, as a person reads it; holds no secrets. */
  readonly origin: string;
  /** @throws {HoldfastError} they cannot be read. */
  read(): AsyncIterable<Uint8Array>;
}

/** Another place that has copies of an archive's files. */
export interface CopyPlace {
  readonly traits: { readonly location: string };
  /** Gives what may be a copy of a file, the likeliest first. */
  candidates(wanted: ArchivedFile, signal?: AbortSignal): AsyncIterable<CopyCandidate>;
  /** Finds out where a candidate really lies. */
  locate(candidate: CopyCandidate): Promise<Whereabouts>;
  close(): Promise<void>;
}

/** A storage in which a file was read from start to end, and had its recorded digest. */
export interface SeenCopy {
  readonly place: string;
  readonly sha256: Sha256Hex;
  /** When the reading was over. */
  readonly readAt: string;
}

/** What looking for copies came to. */
export interface FoundCopies {
  readonly copies: readonly SeenCopy[];
  /** Why there are no more, for a person. */
  readonly problems: readonly string[];
  /** Copies that are not what is recorded. */
  readonly findings: readonly Finding[];
}

/** How copies are looked for. */
export interface CopySearch {
  readonly places: readonly CopyPlace[];
  /** After so many no more are read. */
  readonly needed: number;
  /** Where the archive's own file lies. */
  readonly own: Whereabouts;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads copies of a file until enough storages have one. What shares its storage with the archive's own file, or with a copy
 * that counts already, is lost with it and does not count.
 *
 * @throws the reason of `signal` when it aborts.
 */
export async function findCopies(wanted: ArchivedFile, search: CopySearch): Promise<FoundCopies> {
  const copies: SeenCopy[] = [];
  const problems: string[] = [];
  const findings: Finding[] = [];
  const taken = new Map([[search.own.storage, "the archive"]]);
  for (const place of search.places) {
    if (copies.length >= search.needed) break;
    const look = await lookInto(place, wanted, { ...search, taken });
    findings.push(...look.findings);
    if (look.copy === undefined) problems.push(...look.problems);
    else {
      copies.push(look.copy);
      if (look.storage !== undefined) taken.set(look.storage, look.copy.place);
    }
  }
  return { copies, problems, findings };
}

type PlaceSearch = CopySearch & { readonly taken: ReadonlyMap<string, string> };

/** What became of looking into one place, or at one candidate. */
interface PlaceLook {
  readonly copy: SeenCopy | undefined;
  /** That of the copy, or of what does not count as one; undefined when others of the place may be copies. */
  readonly storage: string | undefined;
  readonly problems: readonly string[];
  readonly findings: readonly Finding[];
}

const NOTHING: PlaceLook = { copy: undefined, storage: undefined, problems: [], findings: [] };

async function lookInto(place: CopyPlace, wanted: ArchivedFile, search: PlaceSearch): Promise<PlaceLook> {
  const problems: string[] = [];
  const findings: Finding[] = [];
  const { signal } = search;
  try {
    for await (const candidate of place.candidates(wanted, signal)) {
      const look = await lookAt(candidate, place, { ...search, wanted }).catch((error) => toUnreadable(error, signal));
      problems.push(...look.problems);
      findings.push(...look.findings);
      // Others of a storage that does not count would only be read to be left out for the same reason.
      if (look.storage !== undefined) return { ...look, problems, findings };
    }
  } catch (error) {
    problems.push(...toUnreadable(error, signal).problems);
  }
  if (problems.length === 0) problems.push(`${place.traits.location} has no copy`);
  return { ...NOTHING, problems, findings };
}

async function lookAt(
  candidate: CopyCandidate,
  place: CopyPlace,
  search: PlaceSearch & { readonly wanted: ArchivedFile },
): Promise<PlaceLook> {
  const { wanted, clock, signal } = search;
  const whereabouts = await place.locate(candidate);
  const { storage } = whereabouts;
  const shared = toSharedProblem(candidate, whereabouts, search);
  if (shared !== undefined) return { ...NOTHING, storage, problems: [shared] };
  const { sha256, sizeBytes } = await hashChunks(readBounded(candidate, wanted, signal));
  const { origin } = candidate;
  if (sha256 === wanted.sha256) {
    return { ...NOTHING, storage, copy: { place: origin, sha256, readAt: toIsoInstant(clock.now()) } };
  }
  const findings = [toCopyFinding(origin, wanted, { sha256, sizeBytes })];
  return { ...NOTHING, problems: [`${origin} has other bytes`], findings };
}

function toUnreadable(error: unknown, signal: AbortSignal | undefined): PlaceLook {
  signal?.throwIfAborted();
  if (!isHoldfastError(error)) throw error;
  return { ...NOTHING, problems: [error.message] };
}

function toSharedProblem(
  { origin }: CopyCandidate,
  { storage, fileId }: Whereabouts,
  { own, taken }: PlaceSearch,
): string | undefined {
  if (fileId !== undefined && fileId === own.fileId) return `${origin} is the archive's own file by another name`;
  const other = taken.get(storage);
  return other === undefined
    ? undefined
    : `${origin} lies on the same storage as ${other} (${storage}): one is lost with the other`;
}

/** Stops behind the first byte that is too many: it is no copy, however long it goes on. */
async function* readBounded(
  candidate: CopyCandidate,
  wanted: ArchivedFile,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0;
  for await (const chunk of candidate.read()) {
    signal?.throwIfAborted();
    yield chunk;
    sizeBytes += chunk.length;
    if (sizeBytes > wanted.sizeBytes) return;
  }
}

function toCopyFinding(
  subject: string,
  wanted: ArchivedFile,
  { sha256, sizeBytes }: { readonly sha256: string; readonly sizeBytes: number },
): Finding {
  if (sizeBytes > wanted.sizeBytes) {
    const message = `this copy of ${wanted.recordingId} is longer than the recording`;
    return { kind: "size-mismatch", subject, message, detail: { expected: wanted.sizeBytes } };
  }
  const message = `this copy of ${wanted.recordingId} has other bytes than are recorded`;
  const detail = { algorithm: "sha256", expected: wanted.sha256, found: sha256 } as const;
  return { kind: "digest-mismatch", subject, message, detail };
}
