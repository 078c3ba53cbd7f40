import type { BagGrade } from "./bag-notes.ts";

/** The versions of BagIt that were published: drafts 00 to 16, and RFC 8493, which is 1.0. */
export const BAG_VERSIONS = ["0.93", "0.94", "0.95", "0.96", "0.97", "1.0"] as const;
export type BagVersion = (typeof BAG_VERSIONS)[number];

/** Reads a version as `bagit.txt` states it; undefined for one that was never published. */
export function tryParseBagVersion(text: string): BagVersion | undefined {
  return BAG_VERSIONS.find((version) => version === text);
}

/** Grades what RFC 8493 demands and the drafts before it left open or were widely read otherwise. */
export function gradeSinceRfc(version: BagVersion): BagGrade {
  return version === "1.0" ? "not-conforming" : "remark";
}

/**
 * Names the file that describes a bag.
 *
 * @see draft-kunze-bagit-00 to -02: `package-info.txt`; `bag-info.txt` since 0.96
 */
export function toBagInfoName(version: BagVersion): string {
  return ["0.93", "0.94", "0.95"].includes(version) ? "package-info.txt" : "bag-info.txt";
}
