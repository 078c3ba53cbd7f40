import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import installer from "@ffmpeg-installer/ffmpeg";

/** A folder that is gone when the callback returns. */
function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-audio-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function ffmpeg(args: readonly string[]): string {
  return execFileSync(installer.path, ["-v", "error", "-nostdin", "-y", ...args], { encoding: "utf8" });
}

/** Encodes two seconds of noise and tone at 16 kHz with the embedded ffmpeg; `name` says the container. */
export function encoded(name: string, args: readonly string[]): Buffer {
  return inFolder((folder) => {
    const path = join(folder, name);
    const source = "anoisesrc=d=2:r=16000:a=0.2:seed=4[n];sine=f=440:r=16000:d=2[s];[n][s]amix";
    ffmpeg(["-filter_complex", source, ...args, path]);
    return readFileSync(path);
  });
}

/** Copies the packets of a file into another by the embedded ffmpeg, which changes tags and container only. */
export function remuxed(bytes: Uint8Array, name: string, args: readonly string[]): Buffer {
  return inFolder((folder) => {
    writeFileSync(join(folder, `in-${name}`), bytes);
    ffmpeg(["-i", join(folder, `in-${name}`), "-map", "0:a:0", "-c", "copy", ...args, join(folder, name)]);
    return readFileSync(join(folder, name));
  });
}

/** What ffmpeg's own packet hash says: the demuxer's packets, one after another. */
export function packetHashByFfmpeg(bytes: Uint8Array, name: string): string {
  return inFolder((folder) => {
    writeFileSync(join(folder, name), bytes);
    const copy = ["-i", join(folder, name), "-map", "0:a:0", "-c", "copy", "-f", "hash", "-hash", "sha256", "-"];
    return ffmpeg(copy).trim().replace(/^.*=/, "").toLowerCase();
  });
}

/** Counts the samples per channel that ffmpeg decodes, as 16-bit samples. */
export function decodedSamples(bytes: Uint8Array, name: string, rateHz: number): number {
  return inFolder((folder) => {
    const raw = join(folder, "out.raw");
    writeFileSync(join(folder, name), bytes);
    ffmpeg(["-i", join(folder, name), "-map", "0:a:0", "-ac", "1", "-ar", `${rateHz}`, "-f", "s16le", raw]);
    return readFileSync(raw).length / 2;
  });
}
