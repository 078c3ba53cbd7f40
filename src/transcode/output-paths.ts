import { basename, dirname, join, resolve, sep } from "node:path";
import type { AudioFormat } from "../core/audio-format.ts";
import { RECORD_SUFFIX } from "../core/record-name.ts";
import type { InputFile } from "../io/find-inputs.ts";
import { MAX_NAME_BYTES, toPortableName } from "../io/safe-name.ts";
import { OutputExistsError } from "./errors.ts";

/** One output to be named. */
export interface UnnamedOutput {
  readonly file: InputFile;
  readonly format: AudioFormat;
}

/**
 * Names outputs: the source's name with the new ending, in `outFolder` with the folders of the inputs mirrored, or
 * beside the source when it is undefined. Names that Windows forbids are changed. Outputs that would meet under one
 * name, also on a disk that ignores case or the form of accents, keep their whole source name: `a.mp3` and `a.wav`
 * become `a.mp3.opus` and `a.wav.opus`.
 *
 * @returns the paths in the order of `outputs`.
 * @throws {OutputExistsError} two sources of the same name would still meet.
 */
export function toOutputPaths(outputs: readonly UnnamedOutput[], outFolder: string | undefined): readonly string[] {
  const short = outputs.map((output) => toPath(output, outFolder, withoutExtension));
  const claims = new Map<string, number>();
  for (const [index, output] of outputs.entries()) {
    const path = short[index] ?? "";
    if (!isItself(output, path)) claims.set(toClaim(path), (claims.get(toClaim(path)) ?? 0) + 1);
  }
  const paths = outputs.map((output, index) => {
    const path = short[index] ?? "";
    const isShared = !isItself(output, path) && (claims.get(toClaim(path)) ?? 0) > 1;
    return isShared ? toPath(output, outFolder, (name) => name) : path;
  });
  assertDistinct(paths, outputs);
  return paths;
}

/** Gives the folder under `outFolder` for what lies in a folder of the inputs. */
export function toMirrorFolder(outFolder: string, relativeFolder: string): string {
  return join(outFolder, ...relativeFolder.split(sep).map((name) => (name === "." ? name : toPortableName(name))));
}

/** Makes one of all spellings of a path that some file system takes for the same. */
function toClaim(path: string): string {
  return resolve(path).toLowerCase().normalize("NFC");
}

/** A source that is to be converted in place to the format it is in claims no name: it stands there already. */
function isItself({ file }: UnnamedOutput, path: string): boolean {
  return toClaim(file.path) === toClaim(path);
}

function toPath(output: UnnamedOutput, outFolder: string | undefined, toName: (name: string) => string): string {
  const { file, format } = output;
  const folder = outFolder === undefined ? dirname(file.path) : toMirrorFolder(outFolder, dirname(file.relativePath));
  const name = toName(basename(file.path));
  const unchanged = join(folder, `${name}.${format}`);
  if (resolve(unchanged) === resolve(file.path)) return unchanged;
  const maxBytes = MAX_NAME_BYTES - Buffer.byteLength(`.${format}${RECORD_SUFFIX}`);
  return join(folder, `${toPortableName(name, maxBytes)}.${format}`);
}

function withoutExtension(name: string): string {
  return name.replace(/(?<=.)\.[^.]*$/s, "");
}

function assertDistinct(paths: readonly string[], outputs: readonly UnnamedOutput[]): void {
  const owners = new Map<string, string>();
  for (const [index, output] of outputs.entries()) {
    const path = paths[index] ?? "";
    if (isItself(output, path)) continue;
    const source = output.file.path;
    const other = owners.get(toClaim(path));
    if (other !== undefined) {
      throw new OutputExistsError(`${other} and ${source} would both be converted to ${path}`, {
        hint: "convert them in two runs, each with an --out of its own",
      });
    }
    owners.set(toClaim(path), source);
  }
}
