import { posix } from "node:path";
import type { Archive } from "../archive/archive.ts";
import { toDerivativeKey } from "../archive/archive-key.ts";
import { RecordingRemovedError } from "../archive/errors.ts";
import { type LocatedSidecar, toBytesOnDisk, toPlace, toSiblingKey } from "../archive/sidecar.ts";
import type { CallerChannel } from "../core/profile.ts";
import { type Profile, toProfileName } from "../core/profile.ts";
import type { PlanFailure } from "../core/run-log.ts";
import { type ArchiveConversion, ArchiveJob, type ArchiveTarget } from "./archive-job.ts";
import { byLengthDescending, type CheckLevel, type ConvertPlan } from "./convert-job.ts";
import { ParticipantUnknownError } from "./errors.ts";
import { isMadeFrom } from "./to-derivative.ts";

/** What is made of an archive's originals. */
export interface ArchivePlanRequest {
  readonly select: (located: LocatedSidecar) => readonly Profile[];
  readonly callerChannel?: CallerChannel | undefined;
  /** How thoroughly what is there already must have been checked. @default "structure" */
  readonly check?: CheckLevel | undefined;
}

/**
 * Plans to convert the originals of an archive. A derivative that is recorded, was made from the original as it is recorded now, and stands
 * there with its size needs nothing.
 *
 * @param request.select - Says which profiles a recording is wanted in.
 * @param request.callerChannel - Which channel is the caller's in recordings whose sidecar does not say.
 */
export async function planArchiveConversion(
  archive: Archive,
  { select, callerChannel, check = "structure" }: ArchivePlanRequest,
): Promise<ConvertPlan> {
  const jobs: ArchiveJob[] = [];
  const failures: PlanFailure[] = [];
  for await (const recordingId of archive.recordingIds()) {
    try {
      const located = await archive.findCatalogued(recordingId);
      const profiles = select(located);
      const conversion = { archive, located, callerChannel: toCallerChannel(located, { profiles, callerChannel }) };
      const targets: ArchiveTarget[] = [];
      for (const profile of profiles) targets.push(await toTarget(conversion, profile, check));
      if (targets.length > 0) jobs.push(new ArchiveJob(conversion, targets));
    } catch (error) {
      if (error instanceof RecordingRemovedError) continue;
      failures.push({ subject: recordingId, error });
    }
  }
  return { jobs: jobs.toSorted(byLengthDescending), outputFolders: [], failures, remarks: [] };
}

interface ToCallerChannelRequest {
  readonly profiles: readonly Profile[];
  readonly callerChannel: CallerChannel | undefined;
}

/** @throws {ParticipantUnknownError} one party alone is wanted, and the sidecar says one thing and the request another. */
function toCallerChannel(
  { key, sidecar: { callerChannel } }: LocatedSidecar,
  { profiles, callerChannel: requested }: ToCallerChannelRequest,
): CallerChannel | undefined {
  const isAgreed = callerChannel === undefined || requested === undefined || callerChannel === requested;
  if (isAgreed || profiles.every(({ participant }) => participant === "all")) return callerChannel ?? requested;
  throw new ParticipantUnknownError(
    `the caller is ${callerChannel} by the sidecar, ${requested} by --caller-channel: ${key}`,
  );
}

async function toTarget(
  { archive, located, callerChannel }: ArchiveConversion,
  profile: Profile,
  check: CheckLevel,
): Promise<ArchiveTarget> {
  const { key: sidecarKey, sidecar } = located;
  const key = toDerivativeKey(toPlace(sidecar), toProfileName(profile), profile.format);
  const wanted = { source: sidecar.original, profile, callerChannel, check };
  const recorded = sidecar.derivatives.find(
    (derivative) => derivative.file === posix.basename(key) && isMadeFrom(derivative, wanted),
  );
  const stat = recorded === undefined ? undefined : await archive.stat(toSiblingKey(sidecarKey, recorded.file));
  const onDisk = recorded && toBytesOnDisk(recorded);
  const isThere = stat?.isRegular === true && stat.sizeBytes === onDisk?.sizeBytes;
  return { profile, key, path: archive.toPath(key), made: isThere ? recorded : undefined };
}
