import type { AudioFormat } from "../../src/core/audio-format.ts";
import { type CallerChannel, type ProfileChoice, toProfile } from "../../src/core/profile.ts";
import type { RunReport } from "../../src/core/report.ts";
import { locateConfinement } from "../../src/ffmpeg/locate-confinement.ts";
import { findInputs } from "../../src/io/find-inputs.ts";
import type { ConvertResult } from "../../src/transcode/convert-result.ts";
import { type ConvertOptions, runConvert } from "../../src/transcode/convert-run.ts";
import type { ConflictPolicy } from "../../src/transcode/file-job.ts";
import { planFileConversion } from "../../src/transcode/file-plan.ts";
import { TEST_CLOCK } from "./open-test-archive.ts";
import { EMBEDDED } from "./real-ffmpegs.ts";

/** With limits and without a sandbox, as by default. */
export const CONFINEMENT = await locateConfinement({ searchPath: "", sandbox: false });

/** What is made, where, and by what. */
export interface ConvertFilesRequest extends Partial<ConvertOptions> {
  readonly outFolder: string;
  readonly formats: readonly AudioFormat[];
  /** @default as documented */
  readonly choice?: ProfileChoice;
  readonly callerChannel?: CallerChannel;
  /** @default "skip" */
  readonly onConflict?: ConflictPolicy;
}

/** Converts files the way the command does, in this process; by the embedded ffmpeg unless another is named. */
export async function convertFiles(
  inputs: readonly string[],
  { outFolder, formats, choice, callerChannel, onConflict = "skip", ...options }: ConvertFilesRequest,
): Promise<RunReport<ConvertResult>> {
  const profiles = formats.map((format) => toProfile(format, choice));
  const plan = await planFileConversion(await findInputs(inputs, { listed: [] }), {
    profiles,
    outFolder,
    onConflict,
    callerChannel,
  });
  return runConvert(plan, {
    ffmpeg: EMBEDDED,
    confinement: CONFINEMENT,
    concurrency: 2,
    clock: TEST_CLOCK,
    ...options,
  });
}
