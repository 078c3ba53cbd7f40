import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

/** Computes the SHA-256 of every file below a folder, by its path from there, in the order of their names. */
export async function hashFolder(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const digests = new Map<string, string>();
  for (const path of paths.toSorted()) digests.set(relative(folder, path), sha256(await readFile(path)));
  return digests;
}

/** Computes the SHA-256 of some bytes in lower-case hexadecimal. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
