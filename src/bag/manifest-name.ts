import { DIGEST_ALGORITHMS, type DigestAlgorithm } from "../core/digest.ts";

/** What the name of a manifest tells. */
export interface ManifestName {
  readonly name: string;
  readonly lists: "payload" | "tags";
  /** As it is spelt. */
  readonly algorithmText: string;
  /** Undefined for one whose checksums this program cannot compute. */
  readonly algorithm: DigestAlgorithm | undefined;
  /** Whether the algorithm is spelt in lower-case letters and digits only. */
  readonly isNormal: boolean;
}

const NAME = /^(tag)?manifest-(.+)\.txt$/i;

/**
 * Reads the name of a file in a bag's folder; undefined for one that is no manifest.
 *
 * @see RFC 8493 sections 2.1.3, 2.2.1 and 2.4
 */
export function tryParseManifestName(name: string): ManifestName | undefined {
  const [, tag, algorithmText] = NAME.exec(name) ?? [];
  if (algorithmText === undefined) return undefined;
  const lists = tag === undefined ? "payload" : "tags";
  const normal = algorithmText.toLowerCase().replace(/[^a-z0-9]/g, "");
  const algorithm = DIGEST_ALGORITHMS.find((known) => known === normal);
  const isNormal = name === `${lists === "tags" ? "tag" : ""}manifest-${normal}.txt`;
  return { name, lists, algorithmText, algorithm, isNormal };
}
