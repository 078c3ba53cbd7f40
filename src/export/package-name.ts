import { toForeignPayloadName } from "./payload-name.ts";

/** Leaves room for what stands before and behind it in the name of a package in the making. */
const MAX_NAME_BYTES = 150;

/**
 * Names the folder or file of a package after its case. Two cases can come to one name.
 *
 * @param text - Not empty.
 */
export function toPackageName(text: string): string {
  // Neither hidden, nor taken for a home folder or an option by a shell.
  return toForeignPayloadName(text.trim().replace(/^[.~-]/, "_"), MAX_NAME_BYTES);
}
