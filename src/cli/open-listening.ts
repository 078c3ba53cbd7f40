import { join } from "node:path";
import type { AudioFormat } from "../core/audio-format.ts";
import { toProfile } from "../core/profile.ts";
import type { Listening, MadeCopy, ToListenTo } from "../export/listening-copies.ts";
import type { Confinement } from "../ffmpeg/confinement.ts";
import type { Ffmpeg } from "../ffmpeg/ffmpeg.ts";
import { findInputs } from "../io/find-inputs.ts";
import { LISTENING_FOLDER, ORIGINALS_FOLDER } from "../packaging/package-layout.ts";
import type { ConvertResult } from "../transcode/convert-result.ts";
import { runConvert } from "../transcode/convert-run.ts";
import { planFileConversion } from "../transcode/file-plan.ts";
import type { CommandContext } from "./command.ts";

/** What making copies for listening needs. */
export interface ListeningPorts extends Pick<CommandContext, "clock" | "cores"> {
  readonly ffmpeg: Ffmpeg;
  readonly confinement: Confinement;
}

/** Makes copies for listening as `holdfast convert` makes files: at the documented settings, checked, each with its record. */
export function openListening(
  format: AudioFormat,
  { ffmpeg, confinement, clock, cores: concurrency }: ListeningPorts,
): Listening {
  return {
    format,
    make: async (root, originals, signal) => {
      const found = await findInputs([], { listed: originals.map(({ path }) => join(root, path)) });
      const files = found.files.map((file) => ({
        ...file,
        relativePath: file.path.slice(join(root, ORIGINALS_FOLDER).length + 1),
      }));
      const request = {
        profiles: [toProfile(format)],
        outFolder: join(root, LISTENING_FOLDER),
        onConflict: "fail",
        callerChannel: undefined,
      } as const;
      const plan = await planFileConversion({ ...found, files }, request);
      const report = await runConvert(plan, { ffmpeg, confinement, concurrency, clock, signal, isForOthers: true });
      signal?.throwIfAborted();
      const made = new Map(report.results.map((result) => toMade(result, root)));
      const failures = new Map(
        // The folder has another name while the package is made.
        report.failures.map(({ subject, message }) => [
          subject.slice(root.length + 1),
          message.replaceAll(`${root}/`, ""),
        ]),
      );
      return new Map(originals.map((original) => [original.path, toOutcome(original, { made, failures })]));
    },
  };
}

function toMade({ status, source, output, profile, ffmpeg }: ConvertResult, root: string) {
  const path = source.path.slice(root.length + 1);
  const isMade = status === "encoded" || status === "copied";
  const madeBy = ffmpeg === undefined ? "copied" : `ffmpeg ${ffmpeg.version}`;
  return [path, isMade ? { path: output.path.slice(root.length + 1), profile, madeBy } : undefined] as const;
}

function toOutcome(
  { path }: ToListenTo,
  {
    made,
    failures,
  }: { readonly made: ReadonlyMap<string, MadeCopy | undefined>; readonly failures: ReadonlyMap<string, string> },
): MadeCopy | string {
  return made.get(path) ?? failures.get(path) ?? "it could not be converted";
}
