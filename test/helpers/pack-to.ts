import { dirname } from "node:path";
import { StagedFile } from "../../src/io/staged-file.ts";
import { packFolder } from "../../src/packaging/pack-folder.ts";

/** Packs a folder as a package is packed, under the name `CASE`. */
export async function packTo(path: string, folder: string): Promise<string> {
  const into = new StagedFile(dirname(path), "container");
  const form = path.endsWith(".zip") ? "zip" : "tar";
  await packFolder(folder, { form, into, rootName: "CASE", modifiedAtMs: Date.UTC(2026, 2, 29, 2, 30, 12) });
  await into.commit(path);
  return path;
}
