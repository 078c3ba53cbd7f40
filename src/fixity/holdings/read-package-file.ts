import { isHoldfastError } from "../../core/errors.ts";
import type { BagFiles } from "./bag-files.ts";

/** Longer is no descriptor, signature or time stamp that was ever written. */
const MAX_BYTES = 1 << 20;

/** A small file of a package, or why there is none to go by; in lower case, without a full stop. */
export type ReadPackageFile = { readonly bytes: Uint8Array } | { readonly problem: string };

/** Reads one of the small files that a package is known by. */
export async function readPackageFile(files: BagFiles, name: string, maxBytes = MAX_BYTES): Promise<ReadPackageFile> {
  if (!files.regular.has(name)) return { problem: files.other.has(name) ? "it is no regular file" : "it is not there" };
  try {
    const bytes = await files.read(name);
    return bytes === undefined || bytes.length > maxBytes ? { problem: "it is too large to be one" } : { bytes };
  } catch (error) {
    if (isHoldfastError(error)) return { problem: `it cannot be read: ${error.message}` };
    throw error;
  }
}
