import { resolve } from "node:path";
import type { Profile } from "../core/profile.ts";
import type { PlanFailure } from "../core/run-log.ts";
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
 * Plans to convert files. An input that stands for no file is a failure of its own.
 *
 * @throws {OutputExistsError} two sources would be converted to one file.
 */
export async function planFileConversion(
  { files, unmatched }: FoundInputs,
  { profiles, outFolder, onConflict }: FilePlanRequest,
): Promise<ConvertPlan> {
  const ordered = files.toSorted(bySizeDescending);
  const outputs = ordered.flatMap((file) => profiles.map((profile) => ({ file, profile, format: profile.format })));
  const paths = toOutputPaths(outputs, outFolder);
  const targets = new Map<InputFile, FileTarget[]>(ordered.map((file) => [file, []]));
  for (const [index, { file, profile }] of outputs.entries()) {
    const path = paths[index] ?? "";
    const isSource = resolve(path) === resolve(file.path);
    targets.get(file)?.push({ profile, path, exists: await isThere(path), isSource });
  }
  const jobs = [...targets].map(([file, itsTargets]) => new FileJob(file, itsTargets, onConflict));
  return { jobs, failures: unmatched.map(toUnmatchedFailure) };
}

function toUnmatchedFailure(input: string): PlanFailure {
  return { subject: input, error: new InputNotFoundError(`no such file, and no file matches: ${input}`) };
}
