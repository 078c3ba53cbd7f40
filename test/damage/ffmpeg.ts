import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import installer from "@ffmpeg-installer/ffmpeg";

/** Runs the embedded ffmpeg and gives the file that it wrote. */
export function runFfmpeg(name: string, args: readonly string[]): Buffer {
  return inFolder((folder) => {
    const path = join(folder, name);
    execFileSync(installer.path, ["-v", "error", "-nostdin", "-y", ...args, path]);
    return readFileSync(path);
  });
}

/** Copies the audio packets of a file into a new one of the same format, with other tags. */
export function copyPackets(bytes: Buffer, name: string, title: string): Buffer {
  return inFolder((folder) => {
    const source = join(folder, `source-${name}`);
    writeFileSync(source, bytes);
    return runFfmpeg(name, ["-i", source, "-map", "0:a:0", "-c", "copy", "-metadata", `title=${title}`]);
  });
}

/** Gives the name and version of the embedded ffmpeg. */
export function ffmpegVersion(): string {
  const [, , version = "unknown"] = execFileSync(installer.path, ["-version"], { encoding: "utf8" }).split(" ", 3);
  return `ffmpeg ${version}`;
}

/** Lends a folder that is gone when the callback returns. */
export function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-damage-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
