import { sha256 } from "hash-wasm";
import type { FolderNames } from "./folder-names.ts";
import { type Manifest, parseManifest } from "./manifest-lines.ts";

/** The digests of the payload. */
export const MANIFEST_NAME = "manifest-sha256.txt";

/** The digests of what stands beside the payload, {@link MANIFEST_NAME} among it. */
export const TAG_MANIFEST_NAME = "tagmanifest-sha256.txt";

/** A manifest of the package, as far as it could be read. */
export interface LoadedManifest extends Manifest {
  readonly name: string;
  readonly state: "loaded" | "missing" | "unreadable";
  /** Of the same bytes that its lines were taken from. */
  readonly sha256: string | undefined;
}

/** Reads a manifest of the package, if it is there. */
export async function loadManifest(names: FolderNames, name: string): Promise<LoadedManifest> {
  const nothing = { name, sha256: undefined, entries: [], badLines: [] };
  const picked = names.find(name);
  if (picked === undefined) return { ...nothing, state: "missing" };
  try {
    const bytes = new Uint8Array(await picked.file.arrayBuffer());
    return { name, state: "loaded", sha256: await sha256(bytes), ...parseManifest(bytes) };
  } catch (error) {
    if (error instanceof DOMException) return { ...nothing, state: "unreadable" };
    throw error;
  }
}
