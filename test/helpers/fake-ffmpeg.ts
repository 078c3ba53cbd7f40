import { writeFile } from "node:fs/promises";
import { join } from "node:path";

const ENCODERS = ["libmp3lame", "libopus", "pcm_s16le"].map((encoder) => `echo " A....D ${encoder} x"`).join("; ");

/** Shell that writes rubbish where ffmpeg was told to write its last output (`file:PATH`). */
export const WRITE_RUBBISH = 'for last; do :; done; echo rubbish > "$(echo "$last" | cut -c6-)"';

/**
 * Writes a program that says of itself what a usable ffmpeg says, and does `body` (shell) when it is asked to convert.
 *
 * @returns its path.
 */
export async function writeFakeFfmpeg(folder: string, body: string, version = "9.9"): Promise<string> {
  const path = join(folder, "ffmpeg");
  const probe = `echo "ffmpeg version ${version} Copyright (c) 2000-2026" >&2; ${ENCODERS}`;
  await writeFile(path, `#!/bin/sh\ncase "$*" in *-encoders*) ${probe};; *) ${body};; esac\n`, { mode: 0o755 });
  return path;
}
