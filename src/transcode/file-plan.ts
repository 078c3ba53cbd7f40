import { dirname } from "node:path";
import { MARKER_KEY } from "../archive/archive-key.ts";
import { ArchiveConflictError } from "../archive/errors.ts";
import type { CallerChannel, Profile } from "../core/profile.ts";
import type { PlanFailure } from "../core/run-log.ts";
import { tryLoadFileId } from "../io/file-id.ts";
import type { FoundInputs, InputFile } from "../io/find-inputs.ts";
import { findUpwards } from "../io/find-upwards.ts";
import { isThere } from "../io/is-there.ts";
import { byLengthDescending, type ConvertPlan } from "./convert-job.ts";
import { leaveOutOutputs, type Sources } from "./earlier-outputs.ts";
import { InputNotFoundError } from "./errors.ts";
import { type ConflictPolicy, FileJob, type FileTarget } from "./file-job.ts";
import { toOutputPaths } from "./output-paths.ts";

/** What is made of files, where it goes, and what happens when something is there. */
export interface FilePlanRequest {
  /** One for each wanted format. */
  readonly profiles: readonly Profile[];
  /** Undefined: beside each source. */
  readonly outFolder: string | undefined;
  readonly onConflict: ConflictPolicy;
  /** Which channel of two-party recordings is the caller's, if anybody says so. */
  readonly callerChannel: CallerChannel | undefined;
}

/**
 * Plans to convert files. An input that stands for no file, or cannot be read, is a failure of its own. What earlier
 * runs have made in the folders that are searched is left out.
 *
 * @throws {OutputExistsError} two sources would be converted to one file.
 * @throws {ArchiveConflictError} an output would lie in an archive.
 */
export async function planFileConversion(
  found: FoundInputs,
  { profiles, outFolder, onConflict, callerChannel }: FilePlanRequest,
): Promise<ConvertPlan> {
  const formats = profiles.map(({ format }) => format);
  const taken = await leaveOutOutputs(found.files, { formats, outFolder });
  const { files } = taken;
  const outputs = files.flatMap((file) => profiles.map((profile) => ({ file, profile, format: profile.format })));
  const paths = toOutputPaths(outputs, outFolder);
  await assertOutsideArchives(paths);
  const sources = new Set(found.files.map(({ fileId }) => fileId));
  const targets = new Map<InputFile, FileTarget[]>(files.map((file) => [file, []]));
  for (const [index, { file, profile }] of outputs.entries()) {
    const path = paths[index] ?? "";
    const exists = await isThere(path);
    const fileId = exists ? await tryLoadFileId(path) : undefined;
    const isSource = fileId !== undefined && sources.has(fileId);
    targets.get(file)?.push({ profile, path, callerChannel, exists, isSource, isItself: fileId === file.fileId });
  }
  const jobs = [...targets].map(([file, itsTargets]) => new FileJob(file, itsTargets, onConflict));
  const folders = new Set(paths.map((path) => dirname(path)));
  return {
    jobs: jobs.toSorted(byLengthDescending),
    outputFolders: [...folders],
    failures: [...found.unmatched.map(toUnmatchedFailure), ...found.unreadable],
    remarks: toRemarks(found, taken),
  };
}

/** What stands in an archive is the archive's own to write, recorded and verified. */
async function assertOutsideArchives(paths: readonly string[]): Promise<void> {
  for (const folder of new Set(paths.map((path) => dirname(path)))) {
    const archive = await findUpwards(folder, MARKER_KEY);
    if (archive === undefined) continue;
    throw new ArchiveConflictError(`outputs may not be put into an archive: ${folder}`, {
      hint: `choose another --out, or convert the archive itself: holdfast convert --archive ${archive} --to …`,
    });
  }
}

function toRemarks({ leftOut }: FoundInputs, { inOutFolder, inWantedFormat }: Sources): readonly string[] {
  const remarks: readonly (readonly [number, string, string])[] = [
    [leftOut, "their names are not those of recordings", "name a file itself to convert it"],
    [inOutFolder, "they lie in the folder of the outputs", "name a file itself to convert it"],
    [inWantedFormat, "they are in a wanted format already", "an --out elsewhere makes new files of them too"],
  ];
  return remarks
    .filter(([count]) => count > 0)
    .map(([count, why, advice]) => `left out, for ${why}: ${count}; ${advice}`);
}

function toUnmatchedFailure(input: string): PlanFailure {
  return { subject: input, error: new InputNotFoundError(`no file, no folder, and nothing matches: ${input}`) };
}
