import type { Profile } from "../core/profile.ts";
import type { PlanFailure } from "../core/run-log.ts";
import { tryLoadFileId } from "../io/file-id.ts";
import type { FoundInputs, InputFile } from "../io/find-inputs.ts";
import { isThere } from "../io/is-there.ts";
import { bySizeDescending, type ConvertPlan } from "./convert-job.ts";
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
}

/**
 * Plans to convert files. An input that stands for no file is a failure of its own. Where outputs stand beside their
 * sources, files of a folder that are in a wanted format by their name count as outputs, so that a second run finds
 * nothing new to convert.
 *
 * @throws {OutputExistsError} two sources would be converted to one file.
 */
export async function planFileConversion(
  found: FoundInputs,
  { profiles, outFolder, onConflict }: FilePlanRequest,
): Promise<ConvertPlan> {
  const isOutput = (file: InputFile) => outFolder === undefined && !file.isNamed && isNamedLike(file, profiles);
  const files = found.files.filter((file) => !isOutput(file));
  const ordered = files.toSorted(bySizeDescending);
  const outputs = ordered.flatMap((file) => profiles.map((profile) => ({ file, profile, format: profile.format })));
  const paths = toOutputPaths(outputs, outFolder);
  const sources = new Set(found.files.map(({ fileId }) => fileId));
  const targets = new Map<InputFile, FileTarget[]>(ordered.map((file) => [file, []]));
  for (const [index, { file, profile }] of outputs.entries()) {
    const path = paths[index] ?? "";
    const exists = await isThere(path);
    const isSource = exists && sources.has((await tryLoadFileId(path)) ?? "");
    targets.get(file)?.push({ profile, path, exists, isSource });
  }
  const jobs = [...targets].map(([file, itsTargets]) => new FileJob(file, itsTargets, onConflict));
  const remarks = toRemarks(found, files.length);
  return { jobs, failures: found.unmatched.map(toUnmatchedFailure), remarks };
}

function isNamedLike({ path }: InputFile, profiles: readonly Profile[]): boolean {
  return profiles.some(({ format }) => path.toLowerCase().endsWith(`.${format}`));
}

function toRemarks({ files, leftOut }: FoundInputs, taken: number): readonly string[] {
  const outputs = files.length - taken;
  return [
    ...(leftOut > 0
      ? [`left out, for their names are not those of recordings: ${leftOut}; name a file itself to convert it`]
      : []),
    ...(outputs > 0
      ? [`left out, for they are in a wanted format already: ${outputs}; --out makes new files of them too`]
      : []),
  ];
}

function toUnmatchedFailure(input: string): PlanFailure {
  return { subject: input, error: new InputNotFoundError(`no file, no folder, and nothing matches: ${input}`) };
}
