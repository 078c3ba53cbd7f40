import { posix } from "node:path";
import type { Archive } from "../archive/archive.ts";
import { toDerivativeKey } from "../archive/archive-key.ts";
import { type LocatedSidecar, toPlace, toSiblingKey } from "../archive/sidecar.ts";
import type { CallerChannel } from "../core/profile.ts";
import { type Profile, toProfileName } from "../core/profile.ts";
import type { PlanFailure } from "../core/run-log.ts";
import { type ArchiveConversion, ArchiveJob, type ArchiveTarget } from "./archive-job.ts";
import { byLengthDescending, type ConvertPlan } from "./convert-job.ts";
import { ParticipantUnknownError } from "./errors.ts";
import { isMadeFrom } from "./to-derivative.ts";

/** What is made of an archive's originals. */
export interface ArchivePlanRequest {
  readonly select: (located: LocatedSidecar) => readonly Profile[];
  readonly callerChannel?: CallerChannel | undefined;
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
  { select, callerChannel }: ArchivePlanRequest,
): Promise<ConvertPlan> {
  const jobs: ArchiveJob[] = [];
  const failures: PlanFailure[] = [];
  for await (const recordingId of archive.recordingIds()) {
    try {
      const located = await archive.findCatalogued(recordingId);
      const targets: ArchiveTarget[] = [];
      const conversion = { archive, located, callerChannel: toCallerChannel(located, callerChannel) };
      for (const profile of select(located)) targets.push(await toTarget(conversion, profile));
      if (targets.length > 0) jobs.push(new ArchiveJob(conversion, targets));
    } catch (error) {
      failures.push({ subject: recordingId, error });
    }
  }
  return { jobs: jobs.toSorted(byLengthDescending), outputFolders: [], failures, remarks: [] };
}

/** @throws {ParticipantUnknownError} the sidecar says one thing and the request another. */
function toCallerChannel(
  { key, sidecar: { callerChannel } }: LocatedSidecar,
  requested: CallerChannel | undefined,
): CallerChannel | undefined {
  if (callerChannel === undefined || requested === undefined || callerChannel === requested) {
    return callerChannel ?? requested;
  }
  throw new ParticipantUnknownError(
    `the caller is ${callerChannel} by the sidecar, ${requested} by --caller-channel: ${key}`,
  );
}

async function toTarget(
  { archive, located, callerChannel }: ArchiveConversion,
  profile: Profile,
): Promise<ArchiveTarget> {
  const { key: sidecarKey, sidecar } = located;
  const key = toDerivativeKey(toPlace(sidecar), toProfileName(profile), profile.format);
  const wanted = { source: sidecar.original, profile, callerChannel };
  const recorded = sidecar.derivatives.find(
    (derivative) => derivative.file === posix.basename(key) && isMadeFrom(derivative, wanted),
  );
  const stat = recorded === undefined ? undefined : await archive.stat(toSiblingKey(sidecarKey, recorded.file));
  const isThere = stat?.isRegular === true && stat.sizeBytes === recorded?.sizeBytes;
  return { profile, key, path: archive.toPath(key), made: isThere ? recorded : undefined };
}
