import { createHash } from "node:crypto";
import { toGnuLine } from "../checksum/gnu-line.ts";
import { parseSha256, type Sha256Hex } from "../core/digest.ts";
import { OWNER } from "../io/abandoned-files.ts";
import { ConflictError } from "../io/errors.ts";
import { hashChunks } from "../io/hash-chunks.ts";
import { readFileChunks } from "../io/read-file.ts";
import { StagedFile } from "../io/staged-file.ts";
import { toTextPieces } from "../io/text-pieces.ts";
import { toPlaces } from "./holdings/listed-place.ts";
import { MANIFEST_FILE, SEAL_FILE } from "./holdings/record-names.ts";
import { toOtherListError } from "./seal-plan.ts";
import { type SealedFile, toSealText } from "./seal-record.ts";

/** The two files of a seal, which stand under names that are not final until all is known. */
export class SealWriting {
  readonly #folder: string;
  readonly #manifest: StagedFile;
  readonly #seal: StagedFile;

  constructor(folder: string) {
    this.#folder = folder;
    this.#manifest = new StagedFile(folder, `.${MANIFEST_FILE}.${OWNER}`);
    this.#seal = new StagedFile(folder, `.${SEAL_FILE}.${OWNER}`);
  }

  /**
   * Makes sure, before anything is read, that the folder can be written to.
   *
   * @throws {StorageUnavailableError} it cannot.
   */
  async prepare(): Promise<void> {
    await this.#manifest.prepareFolder();
  }

  /**
   * Writes the list, then the seal, which makes it one: a crash in between leaves a list that is right and no seal, and the
   * next run puts the seal beside it.
   *
   * @returns the SHA-256 of the list.
   * @throws {ConflictError} another list, or a seal, has come to stand there.
   * @throws {StorageFullError | StorageUnavailableError} nothing was sealed.
   */
  async write(files: readonly SealedFile[], sealedAt: string): Promise<Sha256Hex> {
    try {
      const hash = createHash("sha256");
      await this.#manifest.write(toTextPieces(toManifestText(files)), (piece) => hash.update(piece));
      const manifestSha256 = parseSha256(hash.digest("hex"));
      await this.#seal.write(toTextPieces(toSealText({ sealedAt, manifestSha256, files })), () => undefined);
      await this.#seal.seal();
      await this.#commitManifest(manifestSha256);
      await this.#seal.commit(toPlaces(this.#folder).toPlace(SEAL_FILE));
      return manifestSha256;
    } finally {
      await this.#manifest.discard();
      await this.#seal.discard();
    }
  }

  async #commitManifest(sha256: Sha256Hex): Promise<void> {
    const path = toPlaces(this.#folder).toPlace(MANIFEST_FILE);
    try {
      await this.#manifest.commit(path);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      const there = await hashChunks(readFileChunks(path));
      if (there.sha256 !== sha256) throw toOtherListError(this.#folder);
    }
  }
}

function* toManifestText(files: readonly SealedFile[]): Generator<string> {
  for (const { sha256, path } of files) yield toGnuLine(sha256, path);
}
