import type { PickedFile } from "./check-messages.ts";
import { MANIFEST_NAME } from "./load-manifest.ts";

/** Where the package is among what was picked, or why there is nothing to check. */
export type FoundPackage =
  | { readonly folder: string; readonly files: readonly PickedFile[]; readonly besideCount: number }
  | { readonly reason: string };

/** A package is what was picked, or lies right in it; the folder that was picked is part of every path. */
const MOST_DEPTH = 2;

/** Finds the one package among picked files, whose paths are from then on relative to it. */
export function findPackage(picked: readonly PickedFile[]): FoundPackage {
  if (picked.length === 0) return { reason: "There are no files in what was chosen." };
  const folders = findFolders(picked, MANIFEST_NAME);
  const [folder] = folders;
  if (folder === undefined) return { reason: toMissingWords(picked) };
  if (folders.length > 1) return { reason: `There are ${folders.length} packages in what was chosen. Choose one.` };
  const files = picked
    .filter(({ path }) => path.startsWith(folder))
    .map(({ path, file }) => ({ path: path.slice(folder.length), file }));
  return { folder: folder.slice(0, -1), files, besideCount: picked.length - files.length };
}

function toMissingWords(picked: readonly PickedFile[]): string {
  const isPackage = findFolders(picked, "bagit.txt").length > 0;
  if (isPackage) return `${MANIFEST_NAME} is missing from the package. Without it nothing can be checked here.`;
  return `There is no ${MANIFEST_NAME} in what was chosen. Choose the package’s own folder, in which that file is; a ZIP or TAR file must be unpacked first.`;
}

/** The folders that hold a file of a name and are least deep, each with a slash at its end. */
function findFolders(picked: readonly PickedFile[], name: string): readonly string[] {
  const folders = picked
    .filter(({ path }) => path === name || path.endsWith(`/${name}`))
    .map(({ path }) => path.slice(0, -name.length));
  const least = Math.min(MOST_DEPTH, ...folders.map(toDepth));
  return folders.filter((folder) => toDepth(folder) === least);
}

function toDepth(folder: string): number {
  return folder.split("/").length - 1;
}
