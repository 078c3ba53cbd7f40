import { toReadings } from "./bag-path.ts";
import type { BagVersion } from "./bag-version.ts";

/** All that stands in a bag's folder and is no folder itself, by path relative to it. */
export interface BagFolder {
  readonly regular: ReadonlySet<string>;
  /** Symbolic links, pipes, devices. */
  readonly other: ReadonlySet<string>;
}

/** What a path in a bag's list was found to stand for. */
export interface FoundName {
  readonly path: string;
  readonly isThere: boolean;
  /** How the file's name differs from the one that the version of the bag would have; undefined when it does not. */
  readonly difference: "percent-encoding" | "normalisation" | undefined;
}

/** Finds the files that lists in a bag speak of. */
export class BagNames {
  readonly #folder: BagFolder;
  readonly #version: BagVersion;
  #byNormalForm: ReadonlyMap<string, string> | undefined;

  constructor(folder: BagFolder, version: BagVersion) {
    this.#folder = folder;
    this.#version = version;
  }

  /**
   * Finds a file by a path as it is written in a list; when there is none, the path is that which the version says.
   *
   * @see RFC 8493 sections 2.1.3 and 6.1.1.3
   */
  find(written: string): FoundName {
    const readings = toReadings(written, this.#version);
    const [first = written] = readings;
    const reading = readings.find((path) => this.#has(path));
    if (reading !== undefined) {
      return { path: reading, isThere: true, difference: reading === first ? undefined : "percent-encoding" };
    }
    this.#byNormalForm ??= toNormalForms(this.#folder);
    const alike = this.#byNormalForm.get(first.normalize("NFC"));
    if (alike !== undefined) return { path: alike, isThere: true, difference: "normalisation" };
    return { path: first, isThere: false, difference: undefined };
  }

  /** Tells whether a path goes through something that is no folder, as through a symbolic link to one. */
  leadsThroughLink(path: string): boolean {
    if (this.#folder.other.size === 0) return false;
    for (let end = path.indexOf("/"); end !== -1; end = path.indexOf("/", end + 1)) {
      if (this.#folder.other.has(path.slice(0, end))) return true;
    }
    return false;
  }

  #has(path: string): boolean {
    return this.#folder.regular.has(path) || this.#folder.other.has(path);
  }
}

/** One file stands for several that differ in nothing else: whose bytes fit is found out by their digests. */
function toNormalForms({ regular }: BagFolder): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const path of regular) names.set(path.normalize("NFC"), path);
  return names;
}

/** Makes equal the names that are one on a disk that ignores case or keeps one normal form. */
export function foldName(path: string): string {
  return path.normalize("NFC").toLowerCase();
}
