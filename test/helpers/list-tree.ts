import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";

/** Lists all files below a folder, hidden ones too, by their paths from it. */
export async function listTree(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name))).toSorted();
}

/** Outputs, each with the record that belongs beside it, in the order of {@link listTree}. */
export function withRecords(...outputs: readonly string[]): readonly string[] {
  return outputs.flatMap((path) => [path, `${path}.holdfast.json`]).toSorted();
}
