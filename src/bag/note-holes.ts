import type { ListedFile } from "./bag-listing.ts";
import type { BagNames } from "./bag-names.ts";
import { isPayloadPath, toPlainPath, toUnsafeReason } from "./bag-path.ts";
import type { TagFile } from "./tag-file.ts";

/** What `fetch.txt` is held against. */
export interface FetchCheck {
  /** As `fetch.txt` writes them. */
  readonly paths: readonly string[];
  readonly files: ReadonlyMap<string, ListedFile>;
  readonly names: BagNames;
}

/**
 * Finds the files that have yet to be fetched, and notes what `fetch.txt` must not list. That since 1.0 all payload manifests
 * have to list a file is judged with the manifests.
 *
 * @see RFC 8493 section 2.2.3
 */
export function findHoles({ paths, files, names }: FetchCheck, file: TagFile): ReadonlySet<string> {
  const holes = new Set<string>();
  for (const written of paths) {
    const refuse = (grade: "unsafe-path" | "not-conforming", message: string) =>
      file.notes.add({ grade, subject: file.name, message, example: written });
    const reason = toUnsafeReason(written);
    if (reason !== undefined) {
      refuse("unsafe-path", `${reason} are listed`);
      continue;
    }
    const { path, isThere } = names.find(toPlainPath(written));
    if (!isPayloadPath(path)) refuse("not-conforming", "files outside data/ are listed");
    else if (!files.has(path)) refuse("not-conforming", "files are listed that no manifest lists");
    if (!isThere) holes.add(path);
  }
  const { size } = holes;
  if (size > 0) {
    const message = `${size === 1 ? "a file" : `${size} files`} that it lists must be fetched first, which verification never does`;
    file.notes.add({ grade: "remark", subject: file.name, message });
  }
  return holes;
}
