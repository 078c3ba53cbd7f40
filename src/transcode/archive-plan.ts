import { posix } from "node:path";
import type { Archive } from "../archive/archive.ts";
import { toDerivativeKey } from "../archive/archive-key.ts";
import { type LocatedSidecar, toPlace, toSiblingKey } from "../archive/sidecar.ts";
import { type Profile, toProfileName } from "../core/profile.ts";
import type { PlanFailure } from "../core/run-log.ts";
import { ArchiveJob, type ArchiveTarget } from "./archive-job.ts";
import { bySizeDescending, type ConvertPlan } from "./convert-job.ts";

/**
 * Plans to convert the originals of an archive. A derivative that is recorded, was made from the original as it is recorded now, and stands
 * there with its size needs nothing.
 *
 * @param select - Says which profiles a recording is wanted in.
 */
export async function planArchiveConversion(
  archive: Archive,
  select: (located: LocatedSidecar) => readonly Profile[],
): Promise<ConvertPlan> {
  const jobs: ArchiveJob[] = [];
  const failures: PlanFailure[] = [];
  for await (const recordingId of archive.recordingIds()) {
    try {
      const located = await archive.findCatalogued(recordingId);
      const targets: ArchiveTarget[] = [];
      for (const profile of select(located)) targets.push(await toTarget(archive, located, profile));
      if (targets.length > 0) jobs.push(new ArchiveJob(archive, located, targets));
    } catch (error) {
      failures.push({ subject: recordingId, error });
    }
  }
  return { jobs: jobs.toSorted(bySizeDescending), failures, remarks: [] };
}

async function toTarget(
  archive: Archive,
  { key: sidecarKey, sidecar }: LocatedSidecar,
  profile: Profile,
): Promise<ArchiveTarget> {
  const key = toDerivativeKey(toPlace(sidecar), toProfileName(profile), profile.format);
  const recorded = sidecar.derivatives.find(
    ({ file, source }) => file === posix.basename(key) && source.sha256 === sidecar.original.sha256,
  );
  const stat = recorded === undefined ? undefined : await archive.stat(toSiblingKey(sidecarKey, recorded.file));
  const isThere = stat?.isRegular === true && stat.sizeBytes === recorded?.sizeBytes;
  return { profile, key, path: archive.toPath(key), made: isThere ? recorded : undefined };
}
