import type { Digest, DigestAlgorithm } from "../core/digest.ts";
import { type BagNames, foldName } from "./bag-names.ts";
import type { BagGrade } from "./bag-notes.ts";
import { isPayloadPath, toPlainPath, toUnsafeReason } from "./bag-path.ts";
import { gradeSinceRfc } from "./bag-version.ts";
import type { ManifestEntry } from "./manifest.ts";
import type { ManifestName } from "./manifest-name.ts";
import type { TagFile } from "./tag-file.ts";

/** A file that manifests list. */
export interface ListedFile {
  readonly path: string;
  /** Of all manifests that list it; none where nobody here can compute theirs. */
  readonly digests: Digest[];
}

/** The lines of a manifest. */
export interface ReadManifest {
  readonly name: ManifestName;
  readonly entries: readonly ManifestEntry[];
}

interface Entry {
  readonly path: string;
  readonly hex: string;
  readonly algorithm: DigestAlgorithm | undefined;
}

/** Puts together what the manifests of a bag say of each file, and notes what they must not say. */
export class BagListing {
  readonly #names: BagNames;
  readonly #files = new Map<string, ListedFile>();
  /** By manifest, then by path, the checksum. */
  readonly #lists = new Map<string, Map<string, string>>();
  /** Those under whose name nothing stands, which the other manifests may explain. */
  readonly #absent: { readonly entry: Entry; readonly file: TagFile }[] = [];

  constructor(names: BagNames) {
    this.#names = names;
  }

  /** By path. */
  get files(): ReadonlyMap<string, ListedFile> {
    return this.#files;
  }

  /** Tells whether a manifest lists a file. */
  lists(manifest: string, path: string): boolean {
    return this.#lists.get(manifest)?.has(path) === true;
  }

  /** Takes in a manifest. */
  add({ name, entries }: ReadManifest, file: TagFile): void {
    this.#lists.set(file.name, new Map());
    for (const { path: written, hex } of entries) {
      const path = this.#toPath(written, name, file);
      if (path === undefined) continue;
      const entry = { path: path.path, hex, algorithm: name.algorithm };
      if (path.isThere) this.#put(entry, file);
      else this.#absent.push({ entry, file });
    }
  }

  /**
   * Ends the listing, when all manifests are in: a name under which nothing stands, and which differs only in case from
   * another listed one, is that file, for a disk that ignores case has kept one of the two.
   */
  end(): void {
    if (this.#absent.length === 0) return;
    const byFold = new Map([...this.#files.keys()].map((path) => [foldName(path), path]));
    for (const { entry, file } of this.#absent) {
      const path = byFold.get(foldName(entry.path)) ?? entry.path;
      if (path !== entry.path) note(file, "remark", "names are there in another case only", entry.path);
      this.#put({ ...entry, path }, file);
    }
  }

  #toPath(written: string, { lists }: ManifestName, file: TagFile) {
    const reason = toUnsafeReason(written);
    if (reason !== undefined) {
      note(file, "unsafe-path", `${reason} are listed and were not touched`, written);
      return undefined;
    }
    const plain = toPlainPath(written);
    if (plain !== written) note(file, "remark", "paths go through ./ or //", written);
    const found = this.#names.find(plain);
    if (found.difference !== undefined)
      note(file, "remark", `names differ from the files' in ${found.difference}`, plain);
    if (!found.isThere && this.#names.leadsThroughLink(found.path)) {
      note(file, "unsafe-path", "paths that go through a symbolic link are listed and were not touched", plain);
      return undefined;
    }
    noteWrongPlace(found.path, lists, file);
    return found;
  }

  #put({ path, hex, algorithm }: Entry, file: TagFile): void {
    let listed = this.#files.get(path);
    if (listed === undefined) {
      listed = { path, digests: [] };
      this.#files.set(path, listed);
    }
    const list = this.#lists.get(file.name);
    const earlier = list?.get(path);
    if (earlier === undefined) list?.set(path, hex);
    else if (earlier === hex) note(file, gradeSinceRfc(file.version), "files are listed more than once", path);
    else note(file, "manifest-invalid", "files are listed with different checksums", path);
    if (algorithm !== undefined && earlier !== hex) listed.digests.push({ algorithm, hex });
  }
}

/** @see RFC 8493 sections 2.1.3 and 2.2.1 */
function noteWrongPlace(path: string, lists: ManifestName["lists"], file: TagFile): void {
  const grade = gradeSinceRfc(file.version);
  if (lists === "payload") {
    if (!isPayloadPath(path)) note(file, grade, "files outside data/ are listed", path);
  } else if (isPayloadPath(path)) note(file, grade, "payload files are listed", path);
  else if (/^tagmanifest-[^/]*\.txt$/.test(path)) note(file, grade, "tag manifests are listed", path);
}

function note({ name, notes }: TagFile, grade: BagGrade, message: string, example: string): void {
  notes.add({ grade, subject: name, message, example });
}
