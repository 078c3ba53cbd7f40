import type { Archive } from "../archive/archive.ts";
import { ArchiveConflictError } from "../archive/errors.ts";
import { type ArchivePresence, NOT_PRESENT, type OrphanedOriginal } from "../archive/record-reader.ts";
import type { Evidence, Sidecar } from "../archive/schema.ts";
import { type LocatedSidecar, toSiblingKey } from "../archive/sidecar.ts";
import { forEachBounded } from "../async/for-each-bounded.ts";
import type { Finding } from "../core/finding.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { PlanFailure } from "../core/run-log.ts";
import { VendorListIncompleteError } from "../vendor/errors.ts";
import type { StoredEvent } from "../vendor/event-file.ts";
import type { ListFilter, RecordingSource, RemoteRecording } from "../vendor/recording-source.ts";
import type { VendorCall } from "./ask-vendor.ts";
import { gatherEvidence } from "./event-evidence.ts";
import { findProof, gradeEvidence, type Promises, toPromises } from "./promises.ts";
import type { Transfers } from "./transfer/transfer.ts";

/** The subject of the failure that the list could not be had whole. */
export const LIST_OF_RECORDINGS = "list of recordings";

/** What a plan needs to know of an archive. */
export type ArchiveLookup = Pick<Archive, "lookUp" | "lookAtOriginal" | "toPath" | "loadHeld">;

/** The archive that is not there yet. */
export const EMPTY_ARCHIVE: ArchiveLookup = {
  lookUp: async () => NOT_PRESENT,
  lookAtOriginal: async () => "missing",
  loadHeld: async () => () => 0,
  toPath: (key) => key,
};

/** What fetch works on. */
export interface FetchPorts {
  readonly archive: Archive;
  readonly source: RecordingSource;
  readonly transfers: Transfers;
}

/** Which recordings to fetch: those that the list gives, those that webhooks name, those with an id, or all of these. */
export interface FetchRequest {
  /** Undefined: the vendor's list is not asked. */
  readonly filter: ListFilter | undefined;
  readonly events: readonly StoredEvent[];
  /** Events that only prove something of what is fetched for another reason. */
  readonly knownEvents?: readonly StoredEvent[];
  readonly recordingIds: readonly RecordingId[];
}

/** The digest that the archive itself wrote down of a recording whose sidecar is gone. */
export type RecordedSha256 = ArchivePresence["recordedSha256"];

/** What is to be done for one recording, or why nothing is. */
export type FetchAction =
  /** `heldBytes` were left by an earlier run, and the download may go on behind them. */
  | { readonly type: "download"; readonly heldBytes: number; readonly recordedSha256: RecordedSha256 }
  /** The sidecar is there and the original is not: bytes with the recorded digest are fetched again. */
  | { readonly type: "restore"; readonly located: LocatedSidecar; readonly heldBytes: number }
  /** It is there, and what the vendor has said since proves more than could be proven then. */
  | { readonly type: "prove"; readonly located: LocatedSidecar; readonly evidence: Evidence }
  /** The original is there and its sidecar is not: a run was killed between the two. */
  | ({ readonly type: "adopt"; readonly recordedSha256: RecordedSha256 } & OrphanedOriginal)
  | { readonly type: "none"; readonly reason: "already-there"; readonly located: LocatedSidecar }
  /** What was removed by the archive's own rules does not come back by being fetched. */
  | { readonly type: "none"; readonly reason: "not-completed" | "failed-at-vendor" | "removed" };

/** One recording of a plan. */
export interface FetchItem {
  readonly remote: RemoteRecording;
  readonly promises: Promises;
  readonly action: FetchAction;
}

/** How a plan is made. */
export interface PlanFetchOptions {
  readonly concurrency: number;
  /** How each call to the vendor is made: paced, and tried again. */
  readonly call: VendorCall;
  readonly signal?: AbortSignal | undefined;
}

/** What a fetch will do. */
export interface FetchPlan {
  /** Taken out one by one when the plan is run. */
  readonly items: FetchItem[];
  readonly findings: readonly Finding[];
  /** Recordings that the vendor would not tell about, or whose sidecar cannot be read. */
  readonly failures: readonly PlanFailure[];
}

/**
 * Decides what to do for every recording that the list, the events and the ids name. Changes nothing anywhere. A list
 * that could not be had whole is a failure of the plan, and what it gave is fetched.
 *
 * @throws {VendorError} the list cannot be had.
 */
export async function planFetch(
  { archive, source }: { readonly archive: ArchiveLookup; readonly source: RecordingSource },
  request: FetchRequest,
  options: PlanFetchOptions,
): Promise<FetchPlan> {
  const { byRecording, findings } = gatherEvidence([...request.events, ...(request.knownEvents ?? [])]);
  const failures: PlanFailure[] = [];
  const remotes = await readList(source, { ...options, filter: request.filter, failures });
  const completed = request.events.filter(({ event }) => event.event === "recording.completed");
  const named = new Set([...completed.map(({ event }) => event.recordingId), ...request.recordingIds]);
  await askForEach(source, { ...options, named, remotes, failures });
  const held = await archive.loadHeld();
  const items: FetchItem[] = [];
  const planOne = async (remote: RemoteRecording) => {
    const promises = toPromises(remote, byRecording.get(remote.recordingId));
    try {
      items.push({ remote, promises, action: await decide(archive, { remote, promises, held }) });
    } catch (error) {
      failures.push({ subject: remote.recordingId, error });
    }
  };
  await forEachBounded(remotes.values(), planOne, options);
  return { items, findings, failures };
}

type Remotes = Map<RecordingId, RemoteRecording>;

interface Asking extends PlanFetchOptions {
  readonly failures: PlanFailure[];
}

async function readList(
  source: RecordingSource,
  { filter, failures, call, signal }: Asking & { readonly filter: ListFilter | undefined },
): Promise<Remotes> {
  const remotes: Remotes = new Map();
  if (filter === undefined) return remotes;
  try {
    for await (const remote of source.list(filter, { call, signal })) remotes.set(remote.recordingId, remote);
  } catch (error) {
    if (!(error instanceof VendorListIncompleteError)) throw error;
    failures.push({ subject: LIST_OF_RECORDINGS, error });
  }
  return remotes;
}

/** Asks one by one for what the list did not give. */
async function askForEach(
  source: RecordingSource,
  asking: Asking & { readonly named: Iterable<RecordingId>; readonly remotes: Remotes },
): Promise<void> {
  const { named, remotes, failures, call, signal, concurrency } = asking;
  const unlisted = [...named].filter((recordingId) => !remotes.has(recordingId));
  const ask = async (recordingId: RecordingId) => {
    try {
      remotes.set(recordingId, await source.get(recordingId, { call, signal }));
    } catch (error) {
      signal?.throwIfAborted();
      failures.push({ subject: recordingId, error });
    }
  };
  await forEachBounded(unlisted, ask, { concurrency, signal });
}

interface Deciding extends Pick<FetchItem, "remote" | "promises"> {
  readonly held: (recordingId: RecordingId) => number;
}

async function decide(archive: ArchiveLookup, { remote, promises, held }: Deciding): Promise<FetchAction> {
  const { located, isRemoved, orphan, recordedSha256 } = await archive.lookUp(remote);
  if (isRemoved) return { type: "none", reason: "removed" };
  const heldBytes = held(remote.recordingId);
  if (located !== undefined) return decideKnown(archive, { located, promises, heldBytes });
  if (remote.status === "failed") return { type: "none", reason: "failed-at-vendor" };
  if (remote.status !== "completed") return { type: "none", reason: "not-completed" };
  if (orphan !== undefined) return { type: "adopt", ...orphan, recordedSha256 };
  return { type: "download", heldBytes, recordedSha256 };
}

interface DecidingKnown extends Pick<FetchItem, "promises"> {
  readonly located: LocatedSidecar;
  readonly heldBytes: number;
}

async function decideKnown(
  archive: ArchiveLookup,
  { located, promises, heldBytes }: DecidingKnown,
): Promise<FetchAction> {
  const original = await archive.lookAtOriginal(located);
  if (original === "missing") return { type: "restore", located, heldBytes };
  if (original === "there") {
    const evidence = tryToBetterEvidence(located.sidecar, promises);
    if (evidence !== undefined) return { type: "prove", located, evidence };
    return { type: "none", reason: "already-there", located };
  }
  const path = archive.toPath(toSiblingKey(located.key, located.sidecar.original.file));
  throw new ArchiveConflictError(`the original is not as it was stored, and was left as it is: ${path}`, {
    hint: "`holdfast verify` says what is wrong; move the file out of the archive and fetch again",
  });
}

/** A digest that the vendor named only later proves what was fetched, if it is the one that was computed then. */
function tryToBetterEvidence({ evidence, original }: Sidecar, promises: Promises): Evidence | undefined {
  if (evidence.grade === "vendor-digest" || findProof(promises.digests) === undefined) return undefined;
  if (promises.digests.some(({ sha256 }) => sha256 !== original.sha256)) return undefined;
  return { ...evidence, ...gradeEvidence(promises, original) };
}
