import { execFile } from "node:child_process";
import { promisify } from "node:util";
import installer from "@ffmpeg-installer/ffmpeg";

const run = promisify(execFile);

/** Counts what ffmpeg decodes of a file, at the decoder's own rate, without any help of our own reading. */
export async function countSamples(path: string): Promise<{ readonly samples: number; readonly rateHz: number }> {
  const options = { encoding: "buffer", maxBuffer: 1 << 28 } as const;
  const args = ["-v", "info", "-i", path, "-map", "0:a:0", "-ac", "1", "-f", "s16le", "-"];
  const { stdout, stderr } = await run(installer.path, args, options);
  const rateHz = Number(/Audio: .*?, (\d+) Hz/.exec(stderr.toString())?.[1]);
  return { samples: stdout.length / 2, rateHz };
}
