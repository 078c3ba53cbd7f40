import { relative, resolve, sep } from "node:path";
import { liesWithin } from "../../io/lies-within.ts";

/** What makes a path lead elsewhere than straight down: an empty part, a dot, two dots. */
const ODD = /(?:^|\/)\.{0,2}(?:\/|$)/;

/** Where the files of a record lie that names them from a folder. */
export interface Places {
  /**
   * Gives the way from the folder to a file, as a walk of the folder comes upon it, however the record spells it; undefined
   * for what lies outside the folder, or is the folder. Links are not resolved.
   */
  tryToWay(path: string): string | undefined;
  /** Gives the place at the end of a way, as reports name it: the folder as it was given, then the way. */
  toPlace(way: string): string;
}

/** Makes the places of a folder. */
export function toPlaces(folder: string): Places {
  const root = resolve(folder);
  const prefix = folder === "." ? "" : `${folder.replace(/\/+$/, "")}/`;
  const tryToWay = (path: string) => {
    // Elsewhere than here a path may hold drives and other separators.
    if (sep === "/" && !ODD.test(path)) return path;
    // As `find .` spells what it finds.
    if (sep === "/" && path.startsWith("./") && !ODD.test(path.slice(2))) return path.slice(2);
    const full = resolve(root, path);
    return full !== root && liesWithin(root, full) ? relative(root, full).replaceAll(sep, "/") : undefined;
  };
  return { tryToWay, toPlace: (way) => prefix + way };
}
