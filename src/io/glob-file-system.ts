import { type Dirent, lstat, readdir } from "node:fs";
import type fastGlob from "fast-glob";
import { toSystemCode } from "./errors.ts";
import type { OnUnreadable } from "./seen-file.ts";

/**
 * Line breaks, which `**` of fast-glob 3.3 does not match, for it becomes the dot of a regular expression. They become
 * halves of surrogate pairs, which no name holds, for Node reads names as UTF-8.
 */
const STAND_INS: readonly (readonly [string, string])[] = [
  ["\n", "\uDC0A"],
  ["\r", "\uDC0D"],
  ["\u2028", "\uDC28"],
  ["\u2029", "\uDC29"],
];
const TO_STAND_IN = new Map(STAND_INS);
const FROM_STAND_IN = new Map(STAND_INS.map(([character, standIn]) => [standIn, character]));

/** Makes a name or pattern one that a wildcard matches whatever it holds. */
export function toMatchable(text: string): string {
  return text.replace(/[\n\r\u2028\u2029]/g, (character) => TO_STAND_IN.get(character) ?? character);
}

/** Gives back what {@link toMatchable} was given. */
export function fromMatchable(text: string): string {
  return text.replace(/[\uDC0A\uDC0D\uDC28\uDC29]/gu, (standIn) => FROM_STAND_IN.get(standIn) ?? standIn);
}

/**
 * Gives fast-glob a view of the file system in which all names can be matched, and tells of what cannot be read, where
 * fast-glob knows only to stop or to be silent.
 *
 * @param roots - Where the pattern begins, as full paths: that nothing is there is no failure.
 */
export function toGlobFileSystem(
  roots: ReadonlySet<string>,
  onUnreadable: OnUnreadable,
): Pick<fastGlob.FileSystemAdapter, "readdir" | "lstat"> {
  const tell = (path: string, error: NodeJS.ErrnoException, isExpected: boolean) => {
    const isNone = ["ENOENT", "ENOTDIR"].includes(toSystemCode(error) ?? "");
    if (!(isExpected && isNone)) onUnreadable(fromMatchable(path), error);
  };
  const list: fastGlob.FileSystemAdapter["readdir"] = (path: string, _options: unknown, done?: DoneListing) => {
    if (done === undefined) throw new Error("internal error: fast-glob asked for bare names");
    readdir(fromMatchable(path), { withFileTypes: true }, (error, entries) => {
      if (error !== null) tell(path, error, roots.has(path));
      for (const entry of entries ?? []) entry.name = toMatchable(entry.name);
      done(error, entries);
    });
  };
  return {
    readdir: list,
    lstat: (path, done) =>
      lstat(fromMatchable(path), (error, stats) => {
        if (error !== null) tell(path, error, true);
        done(error, stats);
      }),
  };
}

type DoneListing = (error: NodeJS.ErrnoException | null, entries: Dirent[]) => void;
