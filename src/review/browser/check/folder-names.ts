import type { PickedFile } from "./check-messages.ts";

/** Finds the files of a folder by the names that lists have for them. */
export class FolderNames {
  readonly #byPath: ReadonlyMap<string, PickedFile>;
  #byNormalForm: ReadonlyMap<string, PickedFile> | undefined;

  constructor(files: readonly PickedFile[]) {
    this.#byPath = new Map(files.map((file) => [file.path, file]));
  }

  /** Some systems keep names in another normal form than that in which they were written (RFC 8493 section 6.1.1.3). */
  find(path: string): PickedFile | undefined {
    const exact = this.#byPath.get(path);
    if (exact !== undefined) return exact;
    this.#byNormalForm ??= new Map([...this.#byPath.values()].map((file) => [file.path.normalize("NFC"), file]));
    return this.#byNormalForm.get(path.normalize("NFC"));
  }
}
