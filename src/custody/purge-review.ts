import type { Archive } from "../archive/archive.ts";
import type { EvidenceGrade, Sidecar } from "../archive/schema.ts";
import type { LocatedSidecar } from "../archive/sidecar.ts";
import { identify } from "../audio/identify.ts";
import { type ArchivedFile, isRemoved, toContent } from "../core/archived-file.ts";
import { type Clock, toIsoInstant } from "../core/clock.ts";
import type { Sha256Hex } from "../core/digest.ts";
import { isHoldfastError } from "../core/errors.ts";
import type { Finding } from "../core/finding.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { StorageKey } from "../core/storage-key.ts";
import { NotFoundError } from "../io/errors.ts";
import type { Whereabouts } from "../io/whereabouts.ts";
import type { CallOptions, RecordingSource, RemoteRecording } from "../vendor/recording-source.ts";
import { type CopyPlace, findCopies, type SeenCopy } from "./purge-copies.ts";
import type { PurgeRules } from "./purge-plan.ts";
import { findLookProblem } from "./retain-look.ts";

/** What reviewing needs. */
export interface ReviewPorts {
  readonly archive: Pick<
    Archive,
    "catalogued" | "findCatalogued" | "assertFree" | "checks" | "readAudio" | "toPath" | "traits"
  >;
  readonly source: Pick<RecordingSource, "traits" | "get">;
  /** Places beside the archive. */
  readonly places: readonly CopyPlace[];
  /** Finds out where a file of the archive really lies. */
  readonly locate: (key: StorageKey) => Promise<Whereabouts>;
}

/** How a recording is reviewed. */
export interface ReviewOptions {
  readonly rules: PurgeRules;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** How the vendor is asked. */
  readonly call: CallOptions["call"];
}

/** Why a recording is not deleted at the vendor. */
export type RefusalReason =
  | "not-in-archive"
  | "removed"
  | "not-verified"
  | "other-source"
  | "not-completed"
  | "differs-at-vendor"
  | "damaged"
  | "incomplete"
  | "too-few-copies";

/** What speaks for deleting a recording at the vendor; its storages were read for this purpose. */
export interface PurgeEvidence {
  readonly recordingId: RecordingId;
  readonly callId: string;
  readonly createdAt: string;
  readonly sizeBytes: number;
  readonly sha256: Sha256Hex;
  readonly packetSha256: Sha256Hex | null;
  /** Of the file as it lies in the archive and in its copies: not that of the recording where they are encrypted. */
  readonly fileSha256: Sha256Hex;
  readonly evidence: EvidenceGrade;
  /** The look by `verify`. `lastRunId` is that of the last look of all, which may have been a less close one. */
  readonly verified: {
    readonly at: string;
    readonly level: "structure" | "deep";
    readonly lastRunId: string | undefined;
  };
  /** That of the archive first, where the recording was read in the clear. */
  readonly storages: readonly SeenCopy[];
}

/** How a recording stands. */
export type Review =
  | { readonly kind: "fit"; readonly evidence: PurgeEvidence }
  | { readonly kind: "too-young"; readonly ageMs: number }
  /** The vendor does not know it. */
  | { readonly kind: "already-gone" }
  | {
      readonly kind: "refused";
      readonly reason: RefusalReason;
      /** For a person. */
      readonly why: string;
      readonly findings?: readonly Finding[];
    };
type Refused = Review & { readonly kind: "refused" };

/**
 * Finds out whether the vendor may be asked to delete a recording: what costs least is asked first, and at the first thing that
 * stands against it the review ends. Changes nothing.
 *
 * @throws {HoldPreventsError} a hold stands against it.
 * @throws {VendorError} the vendor does not say whether it still has it.
 */
export async function reviewRecording(
  recordingId: RecordingId,
  ports: ReviewPorts,
  options: ReviewOptions,
): Promise<Review> {
  const { archive } = ports;
  const recording = await archive.catalogued(recordingId);
  if (recording === undefined) return refuse("not-in-archive", "it is not in the archive");
  if (isRemoved(recording)) return refuse("removed", "it was removed from the archive");
  await archive.assertFree(recordingId, "purge");
  const ageMs = options.clock.now() - recording.createdAtMs;
  if (ageMs < options.rules.olderThanMs) return { kind: "too-young", ageMs };
  const located = await archive.findCatalogued(recordingId);
  const original = recording.files.find(({ role }) => role === "original");
  if (original === undefined || toContent(original).sha256 !== located.sidecar.original.sha256) {
    return refuse("damaged", "the catalogue and the sidecar name different digests");
  }
  return reviewContents({ located, sidecar: located.sidecar, original }, ports, options);
}

interface Subject {
  readonly located: LocatedSidecar;
  readonly sidecar: Sidecar;
  readonly original: ArchivedFile;
}

async function reviewContents(subject: Subject, ports: ReviewPorts, options: ReviewOptions): Promise<Review> {
  const verified = await findVerification(subject, ports, options);
  if ("kind" in verified) return verified;
  const unfit = findTooFewPlaces(ports, options) ?? (await reviewAtVendor(subject, ports, options));
  if (unfit !== undefined) return unfit;
  const own = await readOwn(subject, ports, options);
  if ("kind" in own) return own;
  const storages = await readCopies(subject, own, { ports, options });
  if ("kind" in storages) return storages;
  const { recordingId, callId, vendor, original, evidence } = subject.sidecar;
  const { sizeBytes, sha256, packetSha256 } = original;
  const identity = {
    recordingId,
    callId,
    createdAt: vendor.createdAt,
    sizeBytes,
    sha256,
    packetSha256,
    fileSha256: subject.original.sha256,
  };
  return { kind: "fit", evidence: { ...identity, evidence: evidence.grade, verified, storages: storages.seen } };
}

async function findVerification(
  { original }: Subject,
  { archive }: ReviewPorts,
  { rules, clock }: ReviewOptions,
): Promise<PurgeEvidence["verified"] | Refused> {
  const history = await archive.checks.history(original.recordingId);
  const nowMs = clock.now();
  const problem = findLookProblem(history, { sinceMs: nowMs - rules.verifiedWithinMs, nowMs, level: "structure" });
  const atMs = history?.lastCheckedAtMs.structure;
  if (problem !== undefined || atMs === undefined) {
    return refuse(
      "not-verified",
      `not found ok at level structure lately (${problem ?? "never"}): run verify --level structure`,
    );
  }
  const level = history?.lastCheckedAtMs.deep === atMs ? "deep" : "structure";
  return { at: toIsoInstant(atMs), level, lastRunId: history?.lastRunId };
}

/** What no reading can mend is told before anything is read. */
function findTooFewPlaces({ places }: ReviewPorts, { rules }: ReviewOptions): Refused | undefined {
  if (1 + places.length >= rules.copies) return undefined;
  const named =
    places.length === 0 ? "only the archive is named" : `only the archive and ${places.length} more are named`;
  const hint = "name another copy with --copy PLACE, or say --copies 1 if the archive is enough";
  return refuse("too-few-copies", `${rules.copies} storages must have it, and ${named}: ${hint}`);
}

async function reviewAtVendor(
  { sidecar }: Subject,
  { source }: ReviewPorts,
  { call, signal }: ReviewOptions,
): Promise<Review | undefined> {
  if (sidecar.vendor.source !== source.traits.name) {
    return refuse("other-source", `it came from ${sidecar.vendor.source}, and ${source.traits.name} is asked`);
  }
  try {
    const remote = await source.get(sidecar.recordingId, { call, signal });
    if (remote.status !== "completed") return refuse("not-completed", `the vendor says that it is ${remote.status}`);
    const difference = findDifference(sidecar, remote);
    return difference === undefined ? undefined : refuse("differs-at-vendor", difference);
  } catch (error) {
    if (isHoldfastError(error) && error.code === "VENDOR_NOT_FOUND") return { kind: "already-gone" };
    throw error;
  }
}

/** What the vendor does not state is not compared. */
function findDifference({ callId, vendor, original }: Sidecar, remote: RemoteRecording): string | undefined {
  const { sizeBytes, sha256 } = remote;
  if (remote.callId !== callId) return "the vendor's is of another call";
  if (remote.createdAtMs !== Date.parse(vendor.createdAt)) return "the vendor's was created at another time";
  if (sizeBytes !== undefined && sizeBytes !== original.sizeBytes) {
    return `the vendor's has ${sizeBytes} bytes, and ours ${original.sizeBytes}`;
  }
  return sha256 !== undefined && sha256 !== original.sha256 ? "the vendor's has another sha256" : undefined;
}

async function readOwn(
  { located, sidecar, original }: Subject,
  { archive }: ReviewPorts,
  { clock, signal }: ReviewOptions,
): Promise<SeenCopy | Refused> {
  const place = archive.toPath(original.key);
  try {
    const { sha256, structure } = await identify(archive.readAudio(located, sidecar.original, signal));
    const expected = sidecar.original.sha256;
    if (sha256 !== expected) {
      const detail = { algorithm: "sha256", expected, found: sha256 } as const;
      const message = "the original has other bytes than are recorded";
      const finding = { kind: "digest-mismatch", subject: place, message, detail } as const;
      return refuse("damaged", "its original is damaged here", [finding]);
    }
    if (!isComplete(structure?.complete, sidecar))
      return refuse("incomplete", "nothing shows that the recording is whole");
    return { place, sha256, readAt: toIsoInstant(clock.now()) };
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    const finding = { kind: "missing", subject: place, message: "the original is gone", detail: {} } as const;
    return refuse("damaged", "its original is gone here", [finding]);
  }
}

/** Where a format cannot tell whether something is missing, a size or digest of the vendor's does, or a second reading. */
function isComplete(complete: boolean | null | undefined, { evidence }: Sidecar): boolean {
  return complete === null ? evidence.grade !== "none" : complete === true;
}

async function readCopies(
  { original }: Subject,
  own: SeenCopy,
  { ports, options }: { readonly ports: ReviewPorts; readonly options: ReviewOptions },
): Promise<{ readonly seen: readonly SeenCopy[] } | Refused> {
  const needed = options.rules.copies - 1;
  const search = { places: ports.places, needed, own: await ports.locate(original.key), ...options };
  const { copies, problems, findings } = await findCopies(original, search);
  if (copies.length >= needed) return { seen: [own, ...copies] };
  const why = `${1 + copies.length} of ${1 + needed} storages have it: ${problems.join("; ")}`;
  return refuse("too-few-copies", why, findings);
}

function refuse(reason: RefusalReason, why: string, findings: readonly Finding[] = []): Refused {
  return { kind: "refused", reason, why, findings };
}
