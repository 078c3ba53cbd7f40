import type { Ffmpeg } from "../../src/ffmpeg/ffmpeg.ts";
import { locateFfmpeg } from "../../src/ffmpeg/locate.ts";

/** Finds the ffmpeg that Holdfast and its peers both run: HOLDFAST_FFMPEG, else the one that Holdfast would choose. */
export async function findFfmpeg(): Promise<Ffmpeg> {
  const path = process.env["HOLDFAST_FFMPEG"];
  const named = path === undefined || path === "" ? undefined : { path, origin: "environment" as const };
  return (await locateFfmpeg({ named, searchPath: process.env["PATH"] ?? "" })).ffmpeg;
}
