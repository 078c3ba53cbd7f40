import type { FfmpegChoice } from "../ffmpeg/ffmpeg.ts";
import { locateFfmpeg } from "../ffmpeg/locate.ts";
import type { CommandContext } from "./command.ts";

/** Chooses the ffmpeg by the configuration and PATH; see {@link locateFfmpeg}. */
export function chooseFfmpeg({
  config,
  environment,
}: Pick<CommandContext, "config" | "environment">): Promise<FfmpegChoice> {
  const path = config.settings.ffmpeg;
  const origin = config.origins.ffmpeg;
  const isNamed = path !== undefined && (origin === "flag" || origin === "environment" || origin === "file");
  return locateFfmpeg({ named: isNamed ? { path, origin } : undefined, searchPath: environment["PATH"] ?? "" });
}
