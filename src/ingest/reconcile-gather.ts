import type { Archive } from "../archive/archive.ts";
import { forEachBounded } from "../async/for-each-bounded.ts";
import { type ArchivedRecording, toContent } from "../core/archived-file.ts";
import type { RecordingId } from "../core/recording-id.ts";
import { VendorNotFoundError } from "../vendor/errors.ts";
import type { ListFilter, RecordingSource, RemoteRecording } from "../vendor/recording-source.ts";
import { type AskOptions, askVendor, type VendorCall } from "./ask-vendor.ts";
import { isPastRetention, type Retention } from "./reconcile-retention.ts";
import {
  type ArchiveSide,
  type EventSide,
  type RecordingSides,
  type Sides,
  toRecordingSides,
  type VendorSide,
} from "./reconcile-sides.ts";

/** What reconciling looks at. */
export interface ReconcilePorts {
  readonly source: Pick<RecordingSource, "list" | "get">;
  /** Undefined: there is none yet. */
  readonly archive: Pick<Archive, "recordingIds" | "catalogued" | "stat"> | undefined;
}

/** How the sides are looked at; a call to the vendor that fails is tried again as `retry` says. */
export interface GatherOptions extends Retention {
  readonly concurrency: number;
  readonly retry: AskOptions["retry"];
  readonly signal?: AbortSignal | undefined;
}

/** A webhook comes within this time of the creation: no call and no processing takes longer. */
const EVENT_SLACK_MS = 24 * 60 * 60 * 1000;

/**
 * Looks at the list and the archive, and asks the vendor one by one for what should be there and is not listed. What lies
 * outside of `filter` is left out. Of each recording only ids and numbers are kept.
 *
 * @throws {VendorError} the list cannot be had: an incomplete list is never taken as the whole.
 */
export async function gatherSides(
  ports: ReconcilePorts,
  { filter, events }: { readonly filter: ListFilter; readonly events: ReadonlyMap<RecordingId, EventSide> },
  options: GatherOptions,
): Promise<Sides> {
  const sides = { vendor: await readList(ports.source, filter, options), events: new Map(events), archive: new Map() };
  await lookAtArchive(ports.archive, { sides, filter }, options);
  for (const [recordingId, event] of events) {
    const isKnown = sides.vendor.has(recordingId) || sides.archive.has(recordingId);
    if (!isKnown && !mayBeWithin(filter, event)) sides.events.delete(recordingId);
  }
  await askForUnlisted(ports.source, { sides, filter }, options);
  return sides;
}

interface Gathering {
  readonly sides: {
    readonly vendor: Map<RecordingId, VendorSide>;
    readonly events: Map<RecordingId, EventSide>;
    readonly archive: Map<RecordingId, ArchiveSide>;
  };
  readonly filter: ListFilter;
}

async function readList(
  source: ReconcilePorts["source"],
  filter: ListFilter,
  options: GatherOptions,
): Promise<Map<RecordingId, VendorSide>> {
  const { signal } = options;
  const call: VendorCall = (question) => askVendor(question, options);
  const listed = new Map<RecordingId, VendorSide>();
  for await (const remote of source.list(filter, { signal, call })) {
    listed.set(remote.recordingId, toVendorSide(remote, { isListed: true }));
  }
  return listed;
}

/** A recording of the archive that lies outside of the filter takes its webhooks with it. */
async function lookAtArchive(
  archive: ReconcilePorts["archive"],
  { sides, filter }: Gathering,
  { concurrency, signal }: GatherOptions,
): Promise<void> {
  if (archive === undefined) return;
  const lookAtOne = async (recordingId: RecordingId) => {
    const recording = await archive.catalogued(recordingId);
    if (recording === undefined) return;
    if (isRemoved(recording)) {
      sides.vendor.delete(recordingId);
      sides.events.delete(recordingId);
      return;
    }
    if (sides.vendor.has(recordingId) || isWithin(filter, recording)) {
      sides.archive.set(recordingId, await toArchiveSide(archive, recording));
    } else {
      sides.events.delete(recordingId);
    }
  };
  await forEachBounded(archive.recordingIds(), lookAtOne, { concurrency, signal });
}

/** What the archive's own rules removed is not missed, wherever else it is known. */
function isRemoved({ files }: ArchivedRecording): boolean {
  return files.some(({ role }) => role === "tombstone");
}

async function toArchiveSide(
  archive: Pick<Archive, "stat">,
  { recordingId, callId, createdAtMs, files }: ArchivedRecording,
): Promise<ArchiveSide> {
  const original = files.find(({ role }) => role === "original");
  if (original === undefined) throw new Error(`internal error: catalogued without an original: ${recordingId}`);
  const known = { callId, createdAtMs, sha256: toContent(original).sha256 };
  try {
    const stat = await archive.stat(original.key);
    if (!stat?.isRegular) return { ...known, state: "missing" };
    if (stat.sizeBytes === original.sizeBytes) return { ...known, state: "whole" };
    return { ...known, state: "damaged", expectedBytes: original.sizeBytes, foundBytes: stat.sizeBytes };
  } catch (error) {
    return { ...known, state: "unknown", error };
  }
}

async function askForUnlisted(
  source: ReconcilePorts["source"],
  { sides, filter }: Gathering,
  options: GatherOptions,
): Promise<void> {
  const candidates = new Set([...sides.events.keys(), ...sides.archive.keys()]);
  const unlisted = [...candidates].filter((recordingId) => mustAsk(toRecordingSides(sides, recordingId), options));
  const askForOne = async (recordingId: RecordingId) => {
    const answer = await ask(source, recordingId, options);
    const isOutside = answer.type === "has" && !sides.archive.has(recordingId) && !isWithin(filter, answer);
    if (isOutside) sides.events.delete(recordingId);
    else sides.vendor.set(recordingId, answer);
  };
  await forEachBounded(unlisted, askForOne, options);
}

/** What the archive has and the vendor was to delete needs no asking, nor does what failed at the vendor. */
function mustAsk(sides: RecordingSides, retention: Retention): boolean {
  const { vendor, events, archive } = sides;
  if (vendor !== undefined) return false;
  if (archive !== undefined) return archive.state !== "whole" || !isPastRetention(sides, retention);
  return events?.isCompleted === true || events?.isFailed === false;
}

async function ask(
  source: ReconcilePorts["source"],
  recordingId: RecordingId,
  { retry: patience, signal }: GatherOptions,
): Promise<VendorSide> {
  try {
    const remote = await askVendor(() => source.get(recordingId, { signal }), { retry: patience, signal });
    return toVendorSide(remote, { isListed: false });
  } catch (error) {
    signal?.throwIfAborted();
    return error instanceof VendorNotFoundError ? { type: "gone" } : { type: "unknown", error };
  }
}

function toVendorSide(
  { callId, status, createdAtMs, sha256 }: RemoteRecording,
  { isListed }: { readonly isListed: boolean },
): VendorSide & { readonly type: "has" } {
  return { type: "has", isListed, callId, status, createdAtMs, sha256 };
}

function isWithin(
  { callId, sinceMs = -Infinity, untilMs = Infinity }: ListFilter,
  recording: { readonly callId: string; readonly createdAtMs: number },
): boolean {
  const { createdAtMs } = recording;
  return (callId === undefined || callId === recording.callId) && createdAtMs >= sinceMs && createdAtMs < untilMs;
}

/** No webhook names the creation, so what may lie within is not left out. */
function mayBeWithin({ callId, sinceMs = -Infinity, untilMs = Infinity }: ListFilter, event: EventSide): boolean {
  const isOfCall = callId === undefined || callId === event.callId;
  return isOfCall && event.latestMs >= sinceMs && event.earliestMs - EVENT_SLACK_MS < untilMs;
}
