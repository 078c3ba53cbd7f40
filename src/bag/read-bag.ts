import { type BagInfoElement, parseBagInfo } from "./bag-info.ts";
import { BagListing, type ListedFile, type ReadManifest } from "./bag-listing.ts";
import { type BagFolder, BagNames } from "./bag-names.ts";
import { type BagNote, BagNotes } from "./bag-notes.ts";
import { isPayloadPath } from "./bag-path.ts";
import { toBagInfoName } from "./bag-version.ts";
import { ASSUMED, DECLARATION_NAME, type Declaration, parseDeclaration } from "./declaration.ts";
import { FETCH_LIST_NAME, parseFetchList } from "./fetch-list.ts";
import { parseManifest } from "./manifest.ts";
import { tryParseManifestName } from "./manifest-name.ts";
import { noteCompleteness } from "./note-completeness.ts";
import { findHoles } from "./note-holes.ts";
import { type PayloadOxum, toPayloadOxums } from "./payload-oxum.ts";
import { decodeTagFile } from "./tag-encoding.ts";
import type { TagFile } from "./tag-file.ts";

/** A folder that is to be read as a bag. */
export interface BagSource extends BagFolder {
  readonly hasPayloadFolder: boolean;
  /**
   * Reads a tag file that is there and regular.
   *
   * @returns undefined when it is too large to be one.
   */
  readonly read: (name: string) => Promise<Uint8Array | undefined>;
}

/** What a bag says of itself, and what can be said of it before its files are looked at. */
export interface Bag {
  /** By path, relative to the bag. */
  readonly files: ReadonlyMap<string, ListedFile>;
  /** Listed files that are not there and that `fetch.txt` says must be fetched. */
  readonly holes: ReadonlySet<string>;
  /** Payload files, and whatever else stands in the payload folder, that no manifest lists. */
  readonly unlisted: readonly string[];
  readonly oxums: readonly PayloadOxum[];
  /** The file that states {@link oxums}. */
  readonly bagInfoName: string;
  readonly notes: readonly BagNote[];
}

/**
 * Reads a bag of version 0.93 to 1.0 and judges all that can be judged without the bytes of its files. What is wrong is noted,
 * and the rest is read nevertheless.
 *
 * @throws what `read` throws.
 * @see RFC 8493
 */
export async function readBag(source: BagSource): Promise<Bag> {
  const reader = new BagReader(source);
  const declaration = await reader.readDeclaration();
  const elements = await reader.readBagInfo(declaration);
  const manifests = await reader.readManifests(declaration);
  const names = new BagNames(source, declaration.version);
  const listing = new BagListing(names);
  for (const manifest of manifests) listing.add(manifest, reader.toTagFile(manifest.name.name, declaration));
  listing.end();
  const { files } = listing;
  const { notes } = reader;
  noteCompleteness({ source, manifests, listing, notes, version: declaration.version });
  const bagInfoName = toBagInfoName(declaration.version);
  return {
    files,
    holes: findHoles(
      { files, names, paths: await reader.readFetchList(declaration) },
      reader.toTagFile(FETCH_LIST_NAME, declaration),
    ),
    unlisted: [...source.regular, ...source.other].filter((path) => isPayloadPath(path) && !files.has(path)),
    oxums: toPayloadOxums(elements, reader.toTagFile(bagInfoName, declaration)),
    bagInfoName,
    notes: notes.toNotes(),
  };
}

/** Reads the tag files that the standard speaks of. */
class BagReader {
  readonly notes = new BagNotes();
  readonly #source: BagSource;

  constructor(source: BagSource) {
    this.#source = source;
  }

  toTagFile(name: string, { version }: Declaration): TagFile {
    return { name, version, notes: this.notes };
  }

  async readDeclaration(): Promise<Declaration> {
    const bytes = await this.#tryRead(DECLARATION_NAME);
    if (bytes !== undefined) return parseDeclaration(bytes, this.notes);
    if (!this.#source.other.has(DECLARATION_NAME)) {
      this.notes.add({ grade: "not-conforming", subject: DECLARATION_NAME, message: "it is not there" });
    }
    return ASSUMED;
  }

  async readBagInfo(declaration: Declaration): Promise<readonly BagInfoElement[]> {
    const name = toBagInfoName(declaration.version);
    const text = await this.#tryReadText(name, declaration);
    return text === undefined ? [] : parseBagInfo(text, this.toTagFile(name, declaration));
  }

  async readFetchList(declaration: Declaration): Promise<readonly string[]> {
    const text = await this.#tryReadText(FETCH_LIST_NAME, declaration);
    return text === undefined ? [] : parseFetchList(text, this.toTagFile(FETCH_LIST_NAME, declaration));
  }

  /** In the order of their names, whatever that of the folder is. */
  async readManifests(declaration: Declaration): Promise<readonly ReadManifest[]> {
    const manifests: ReadManifest[] = [];
    const { regular, other } = this.#source;
    for (const file of [...regular, ...other].filter((path) => !path.includes("/")).sort()) {
      const name = tryParseManifestName(file);
      if (name === undefined) continue;
      const text = await this.#tryReadText(file, declaration);
      if (text === undefined) continue;
      const entries = parseManifest(text, name.algorithm, this.toTagFile(file, declaration));
      manifests.push({ name, entries });
    }
    return manifests;
  }

  async #tryReadText(name: string, declaration: Declaration): Promise<string | undefined> {
    const bytes = await this.#tryRead(name);
    return bytes && decodeTagFile(bytes, declaration.encoding, this.toTagFile(name, declaration));
  }

  async #tryRead(name: string): Promise<Uint8Array | undefined> {
    if (this.#source.other.has(name)) this.#refuse(name, "it is no regular file and was not read");
    if (!this.#source.regular.has(name)) return undefined;
    const bytes = await this.#source.read(name);
    if (bytes === undefined) this.#refuse(name, "it is too large to be read");
    return bytes;
  }

  #refuse(subject: string, message: string): void {
    this.notes.add({ grade: "manifest-invalid", subject, message });
  }
}
