import type { Archive } from "../archive/archive.ts";
import { ArchiveConflictError } from "../archive/errors.ts";
import { type LocatedSidecar, toSiblingKey } from "../archive/sidecar.ts";
import { forEachBounded } from "../async/for-each-bounded.ts";
import { type RetryOptions, retry } from "../async/retry.ts";
import type { AudioFormat } from "../core/audio-format.ts";
import type { Finding } from "../core/finding.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { PlanFailure } from "../core/run-log.ts";
import type { StorageKey } from "../core/storage-key.ts";
import type { StoredEvent } from "../vendor/event-file.ts";
import type { ListFilter, RecordingSource, RemoteRecording } from "../vendor/recording-source.ts";
import { type EventEvidence, gatherEvidence } from "./event-evidence.ts";

/** What a plan needs to know of an archive. */
export type ArchiveLookup = Pick<Archive, "find" | "lookAtOriginal" | "findOrphan" | "toPath">;

/** The archive that is not there yet. */
export const EMPTY_ARCHIVE: ArchiveLookup = {
  find: async () => undefined,
  findOrphan: async () => undefined,
  lookAtOriginal: async () => "missing",
  toPath: (key) => key,
};

/** What fetch works on. */
export interface FetchPorts {
  readonly archive: Archive;
  readonly source: RecordingSource;
}

/** Which recordings to fetch: those that the list gives, those that webhooks name, or both. */
export interface FetchRequest {
  /** Undefined: the vendor's list is not asked. */
  readonly filter: ListFilter | undefined;
  readonly events: readonly StoredEvent[];
}

/** What is to be done for one recording, or why nothing is. */
export type FetchAction =
  | { readonly type: "download" }
  /** The sidecar is there and the original is not: bytes with the recorded digest are fetched again. */
  | { readonly type: "restore"; readonly located: LocatedSidecar }
  /** The original is there and its sidecar is not: a run was killed between the two. */
  | { readonly type: "adopt"; readonly key: StorageKey; readonly format: AudioFormat }
  | { readonly type: "none"; readonly reason: "already-there"; readonly located: LocatedSidecar }
  | { readonly type: "none"; readonly reason: "not-completed" | "failed-at-vendor" };

/** One recording of a plan. */
export interface FetchItem {
  readonly remote: RemoteRecording;
  readonly evidence: EventEvidence | undefined;
  readonly action: FetchAction;
}

/** How a plan is made; a call to the vendor that fails is tried again as `retry` says. */
export interface PlanFetchOptions {
  readonly concurrency: number;
  readonly retry: Omit<RetryOptions, "signal">;
  readonly signal?: AbortSignal | undefined;
}

/** What a fetch will do. */
export interface FetchPlan {
  readonly items: readonly FetchItem[];
  readonly findings: readonly Finding[];
  /** Recordings that the vendor would not tell about, or whose sidecar cannot be read. */
  readonly failures: readonly PlanFailure[];
}

/**
 * Decides what to do for every recording that the list and the events name. Changes nothing anywhere.
 *
 * @throws {VendorError} the list cannot be had: an incomplete list is never taken as the whole.
 */
export async function planFetch(
  { archive, source }: { readonly archive: ArchiveLookup; readonly source: RecordingSource },
  request: FetchRequest,
  { concurrency, signal, retry: patience }: PlanFetchOptions,
): Promise<FetchPlan> {
  const { byRecording, findings } = gatherEvidence(request.events);
  const remotes = new Map<RecordingId, RemoteRecording>();
  const readList = async (filter: ListFilter) => {
    for await (const remote of source.list(filter, { signal })) remotes.set(remote.recordingId, remote);
  };
  const { filter } = request;
  if (filter !== undefined) await retry(() => readList(filter), { ...patience, signal });
  const failures: PlanFailure[] = [];
  const unlisted = [...byRecording.keys()].filter((recordingId) => !remotes.has(recordingId));
  const askForOne = async (recordingId: RecordingId) => {
    try {
      remotes.set(recordingId, await retry(() => source.get(recordingId, { signal }), { ...patience, signal }));
    } catch (error) {
      signal?.throwIfAborted();
      failures.push({ subject: recordingId, error });
    }
  };
  await forEachBounded(unlisted, askForOne, { concurrency, signal });
  const items: FetchItem[] = [];
  const planOne = async (remote: RemoteRecording) => {
    const { recordingId } = remote;
    try {
      items.push({ remote, evidence: byRecording.get(recordingId), action: await decide(archive, remote) });
    } catch (error) {
      failures.push({ subject: recordingId, error });
    }
  };
  await forEachBounded(remotes.values(), planOne, { concurrency, signal });
  return { items, findings, failures };
}

async function decide(archive: ArchiveLookup, remote: RemoteRecording): Promise<FetchAction> {
  const located = await archive.find(remote);
  if (located !== undefined) return decideKnown(archive, located);
  if (remote.status === "failed") return { type: "none", reason: "failed-at-vendor" };
  if (remote.status !== "completed") return { type: "none", reason: "not-completed" };
  const orphan = await archive.findOrphan(remote);
  return orphan === undefined ? { type: "download" } : { type: "adopt", ...orphan };
}

async function decideKnown(archive: ArchiveLookup, located: LocatedSidecar): Promise<FetchAction> {
  const original = await archive.lookAtOriginal(located);
  if (original === "there") return { type: "none", reason: "already-there", located };
  if (original === "missing") return { type: "restore", located };
  const path = archive.toPath(toSiblingKey(located.key, located.sidecar.original.file));
  throw new ArchiveConflictError(`the original is not as it was stored, and was left as it is: ${path}`, {
    hint: "`holdfast verify` says what is wrong; move the file out of the archive and fetch again",
  });
}
