import { join, relative } from "node:path";
import type { AudioFormat } from "../core/audio-format.ts";
import type { InputFile } from "../io/find-inputs.ts";
import { liesWithin } from "../io/lies-within.ts";
import { toRealPath } from "../io/real-path.ts";
import { toMirrorFolder } from "./output-paths.ts";

/** Found files, without what counts as outputs of earlier runs. */
export interface Sources {
  readonly files: readonly InputFile[];
  /** How many lie in the folder of the outputs, which itself lies in the one that was searched. */
  readonly inOutFolder: number;
  /** How many lie where outputs go beside their sources, and are in a wanted format by their name. */
  readonly inWantedFormat: number;
}

/**
 * Leaves out what folders and globs hold of outputs, so that a second run finds nothing new to convert. A file that was
 * named itself is always taken.
 *
 * @throws {StorageUnavailableError} it cannot be told where a folder really is.
 */
export async function leaveOutOutputs(
  found: readonly InputFile[],
  { formats, outFolder }: { readonly formats: readonly AudioFormat[]; readonly outFolder: string | undefined },
): Promise<Sources> {
  const searches = new Map<string, Search>();
  const files: InputFile[] = [];
  let [inOutFolder, inWantedFormat] = [0, 0];
  for (const file of found) {
    const search =
      file.foundIn === undefined ? undefined : (searches.get(file.foundIn) ?? (await toSearch(file, outFolder)));
    if (file.foundIn !== undefined && search !== undefined) searches.set(file.foundIn, search);
    if (search?.isOutput(file.path)) inOutFolder += 1;
    else if (search?.isBeside && formats.some((format) => file.path.toLowerCase().endsWith(`.${format}`)))
      inWantedFormat += 1;
    else files.push(file);
  }
  return { files, inOutFolder, inWantedFormat };
}

/** What is known of a folder that files were found in. */
interface Search {
  /** Whether the outputs go beside their sources. */
  readonly isBeside: boolean;
  /** Tells a file that lies in the folder of the outputs. */
  readonly isOutput: (path: string) => boolean;
}

async function toSearch(
  { path, relativePath, foundIn = "." }: InputFile,
  outFolder: string | undefined,
): Promise<Search> {
  if (outFolder === undefined) return { isBeside: true, isOutput: () => false };
  const searched = await toRealPath(foundIn);
  // Of a listed folder the outputs go to its own place below the folder of the outputs.
  const place = relativePath.slice(0, -relative(foundIn, path).length);
  const mirror = await toRealPath(toMirrorFolder(outFolder, place));
  const within = [await toRealPath(outFolder), mirror].find(
    (folder) => folder !== searched && liesWithin(searched, folder),
  );
  return {
    isBeside: mirror === searched,
    isOutput: (file) => within !== undefined && liesWithin(within, join(searched, relative(foundIn, file))),
  };
}
