import { execFile } from "node:child_process";
import { promisify } from "node:util";
import installer from "@ffmpeg-installer/ffmpeg";

const run = promisify(execFile);

/** Decodes a file with ffmpeg, and gives the samples of each channel at 16 bits. */
export async function decodeSamples(path: string, channels: 1 | 2 = 1): Promise<readonly Int16Array[]> {
  const options = { encoding: "buffer", maxBuffer: 1 << 28 } as const;
  const args = ["-v", "error", "-i", path, "-ac", String(channels), "-f", "s16le", "-"];
  const { stdout } = await run(installer.path, args, options);
  const all = new Int16Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length));
  return Array.from({ length: channels }, (_, channel) => all.filter((_sample, at) => at % channels === channel));
}
