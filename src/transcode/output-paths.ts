import { basename, dirname, join, resolve } from "node:path";
import type { AudioFormat } from "../core/audio-format.ts";
import type { InputFile } from "../io/find-inputs.ts";
import { OutputExistsError } from "./errors.ts";

/** One output to be named. */
export interface UnnamedOutput {
  readonly file: InputFile;
  readonly format: AudioFormat;
}

/**
 * Names outputs: the source's name with the new ending, in `outFolder` with the folders of the inputs mirrored, or
 * beside the source when it is undefined. Outputs that would meet under one name, also on a disk that ignores
 * case, keep their whole source name: `a.mp3` and `a.wav` become `a.mp3.opus` and `a.wav.opus`.
 *
 * @returns the paths in the order of `outputs`.
 * @throws {OutputExistsError} two sources of the same name would still meet.
 */
export function toOutputPaths(outputs: readonly UnnamedOutput[], outFolder: string | undefined): readonly string[] {
  const short = outputs.map((output) => toPath(output, outFolder, withoutExtension));
  const claims = new Map<string, number>();
  for (const [index, output] of outputs.entries()) {
    const path = short[index]?.toLowerCase() ?? "";
    if (!isItself(output, path)) claims.set(path, (claims.get(path) ?? 0) + 1);
  }
  const paths = outputs.map((output, index) => {
    const path = short[index] ?? "";
    const isShared = !isItself(output, path) && (claims.get(path.toLowerCase()) ?? 0) > 1;
    return isShared ? toPath(output, outFolder, (name) => name) : path;
  });
  assertDistinct(paths, outputs);
  return paths;
}

/** A source that is to be converted in place to the format it is in claims no name: it stands there already. */
function isItself({ file }: UnnamedOutput, path: string): boolean {
  return resolve(file.path).toLowerCase() === resolve(path).toLowerCase();
}

function toPath(
  { file, format }: UnnamedOutput,
  outFolder: string | undefined,
  toName: (name: string) => string,
): string {
  const place = outFolder === undefined ? file.path : join(outFolder, file.relativePath);
  return join(dirname(place), `${toName(basename(place))}.${format}`);
}

function withoutExtension(name: string): string {
  return name.replace(/(?<=.)\.[^.]*$/, "");
}

function assertDistinct(paths: readonly string[], outputs: readonly UnnamedOutput[]): void {
  const owners = new Map<string, string>();
  for (const [index, output] of outputs.entries()) {
    const path = paths[index] ?? "";
    if (isItself(output, path)) continue;
    const source = output.file.path;
    const other = owners.get(path.toLowerCase());
    if (other !== undefined) {
      throw new OutputExistsError(`${other} and ${source} would both be converted to ${path}`, {
        hint: "convert them in two runs, each with an --out of its own",
      });
    }
    owners.set(path.toLowerCase(), source);
  }
}
