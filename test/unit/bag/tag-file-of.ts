import { BagNotes } from "../../../src/bag/bag-notes.ts";
import type { BagVersion } from "../../../src/bag/bag-version.ts";
import type { TagFile } from "../../../src/bag/tag-file.ts";

/** A tag file to be read, and what comes to be noted of it. */
export function tagFileOf(name: string, version: BagVersion = "1.0"): TagFile {
  return { name, version, notes: new BagNotes() };
}
