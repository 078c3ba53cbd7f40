import type { Ffmpeg } from "../../src/ffmpeg/ffmpeg.ts";
import { findProgram } from "../../src/ffmpeg/find-program.ts";
import { locateFfmpeg } from "../../src/ffmpeg/locate.ts";

const onPath = await findProgram("ffmpeg", process.env["PATH"] ?? "");

/** The embedded build of 2018. */
export const { ffmpeg: EMBEDDED } = await locateFfmpeg({ named: undefined, searchPath: "" });

/** The embedded build, and the one on PATH where there is one. */
export const FFMPEGS: readonly Ffmpeg[] = [EMBEDDED, ...(onPath === undefined ? [] : [await open(onPath)])];

async function open(path: string): Promise<Ffmpeg> {
  return (await locateFfmpeg({ named: { path, origin: "flag" }, searchPath: "" })).ffmpeg;
}
