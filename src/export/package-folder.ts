import { createHash, type Hash } from "node:crypto";
import { dirname, join } from "node:path";
import type { BagInfoElement } from "../bag/bag-info.ts";
import { isPayloadPath } from "../bag/bag-path.ts";
import { toBagInfoText } from "../bag/to-bag-info.ts";
import { toDeclarationText } from "../bag/to-declaration.ts";
import { toManifestLine } from "../bag/to-manifest-line.ts";
import { toPayloadOxumText } from "../bag/to-payload-oxum.ts";
import type { PackagedFile } from "../core/packaged-recording.ts";
import { readFileChunks } from "../io/read-file.ts";
import { Spool } from "../io/spool.ts";
import { StagedFile } from "../io/staged-file.ts";
import type { StagedFolder } from "../io/staged-folder.ts";
import { toTextPieces } from "../io/text-pieces.ts";

/** The digests that every file of a package has a line for. */
export const PACKAGE_ALGORITHMS = ["sha256", "sha512"] as const;

/** A line of the manifests. */
type Listed = Pick<PackagedFile, "path" | "sizeBytes" | (typeof PACKAGE_ALGORITHMS)[number]>;

const BAG_INFO_NAME = "bag-info.txt";

/** More than enough for small packages; of large ones the lines go to a file. */
const HELD_LINES = 1000;

/** A package in the making: a folder, and what its manifests will say of the files in it. */
export class PackageFolder {
  readonly #staged: StagedFolder;
  readonly #payload = new Spool<Listed>({ heldItems: HELD_LINES });
  readonly #tags: Listed[] = [];
  #octets = 0;

  constructor(staged: StagedFolder) {
    this.#staged = staged;
  }

  get path(): string {
    return this.#staged.path;
  }

  /** Gives where a file of the package is, and makes its folder. */
  async prepare(name: string): Promise<string> {
    await this.#staged.prepare(dirname(name));
    return join(this.path, name);
  }

  /** Takes a payload file into the manifests that stands there. */
  list(file: Listed): void {
    const { path, sizeBytes, sha256, sha512 } = file;
    this.#payload.push({ path, sizeBytes, sha256, sha512 });
    this.#octets += sizeBytes;
  }

  /** Where the payload files are that were taken into the manifests. */
  *payload(): Generator<string> {
    for (const { path } of this.#payload) yield join(this.path, path);
  }

  /** Reads a payload file that stands there, and takes it into the manifests. */
  async take(path: string, { md5 = false }: { readonly md5?: boolean } = {}): Promise<PackagedFile> {
    const measure = new Measure(md5);
    for await (const chunk of readFileChunks(join(this.path, path))) measure.add(chunk);
    const file = measure.toFile(path);
    this.list(file);
    return file;
  }

  /** Writes a file, payload or tag file by its place, and takes it into the manifests. */
  async write(path: string, pieces: AsyncIterable<Uint8Array>): Promise<PackagedFile> {
    const file = await this.#write(path, pieces);
    if (isPayloadPath(path)) this.list(file);
    else this.#tags.push(file);
    return file;
  }

  writeText(path: string, texts: Iterable<string>): Promise<PackagedFile> {
    return this.write(path, toTextPieces(texts));
  }

  /**
   * Writes the manifests of the payload. No payload is added after.
   *
   * @returns that of SHA-256.
   */
  async listPayload(): Promise<PackagedFile> {
    const manifest = await this.#writeManifest("sha256");
    await this.#writeManifest("sha512");
    return manifest;
  }

  /**
   * Writes what makes the folder a bag, and the manifests of the tag files last. Nothing is added after but what no manifest
   * can list.
   *
   * @returns the bytes of the tag manifest of SHA-256.
   * @see RFC 8493 section 2
   */
  async finish(elements: readonly BagInfoElement[]): Promise<Uint8Array> {
    await this.writeText("bagit.txt", [toDeclarationText()]);
    const oxum = { octets: this.#octets, streams: this.#payload.length };
    const info = [...elements, { label: "Payload-Oxum", value: toPayloadOxumText(oxum) }];
    await this.writeText(BAG_INFO_NAME, [toBagInfoText(info)]);
    const texts = PACKAGE_ALGORITHMS.map((algorithm) => [...toLines(this.#tags, algorithm)].join(""));
    for (const [index, text] of texts.entries())
      await this.append(`tagmanifest-${PACKAGE_ALGORITHMS[index]}.txt`, text);
    return Buffer.from(texts[0] ?? "");
  }

  /** Writes a file that no manifest can list. */
  async append(path: string, bytes: Uint8Array | string): Promise<void> {
    await this.#write(path, toPieces(bytes));
  }

  /** Lets go of what it has noted. Idempotent. */
  close(): void {
    this.#payload.close();
  }

  #writeManifest(algorithm: (typeof PACKAGE_ALGORITHMS)[number]): Promise<PackagedFile> {
    return this.writeText(`manifest-${algorithm}.txt`, toLines(this.#payload, algorithm));
  }

  async #write(path: string, pieces: AsyncIterable<Uint8Array>): Promise<PackagedFile> {
    const place = await this.prepare(path);
    const staged = new StagedFile(dirname(place), "file");
    const measure = new Measure(false);
    try {
      await staged.write(pieces, (chunk) => measure.add(chunk));
      await staged.commit(place);
    } finally {
      await staged.discard();
    }
    return measure.toFile(path);
  }
}

function* toLines(files: Iterable<Listed>, algorithm: (typeof PACKAGE_ALGORITHMS)[number]): Generator<string> {
  for (const file of files) yield toManifestLine(file[algorithm], file.path);
}

async function* toPieces(bytes: Uint8Array | string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(bytes);
}

/** Computes what a package tells of a file. */
class Measure {
  readonly #hashes: readonly Hash[];
  #sizeBytes = 0;

  constructor(md5: boolean) {
    this.#hashes = [...PACKAGE_ALGORITHMS, ...(md5 ? ["md5"] : [])].map((name) => createHash(name));
  }

  add(chunk: Uint8Array): void {
    for (const hash of this.#hashes) hash.update(chunk);
    this.#sizeBytes += chunk.length;
  }

  toFile(path: string): PackagedFile {
    const [sha256 = "", sha512 = "", md5] = this.#hashes.map((hash) => hash.digest("hex"));
    return { path, sizeBytes: this.#sizeBytes, sha256, sha512, md5 };
  }
}
