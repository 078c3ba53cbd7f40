import { DIGEST_ALGORITHMS, type DigestAlgorithm } from "../core/digest.ts";
import type { VerifyLevel } from "../core/verification.ts";
import type { Expected } from "./holding.ts";
import type { LookRequest } from "./look/look.ts";

const SHA256: readonly DigestAlgorithm[] = ["sha256"];
const NONE: readonly DigestAlgorithm[] = [];

/**
 * Says how a file is to be looked at for a level. One of which nothing is recorded is read for its structure; one whose digest
 * cannot be verified is not read.
 */
export function toLookRequest(expected: Expected, level: VerifyLevel): LookRequest {
  const { path, within, digests, isUnrecorded = false, isEncrypted = false, text = false } = expected;
  if (level === "presence" || (digests.length === 0 && !isUnrecorded)) return { path, within, algorithms: NONE };
  const identity = (level !== "digest" && !isEncrypted) || isUnrecorded;
  return { path, within, algorithms: toAlgorithms(digests), identity, text };
}

/** Nearly every record has SHA-256 alone: one list serves all files of such. */
function toAlgorithms(digests: Expected["digests"]): readonly DigestAlgorithm[] {
  if (digests.length === 0 || (digests.length === 1 && digests[0]?.algorithm === "sha256")) return SHA256;
  return DIGEST_ALGORITHMS.filter((name) => digests.some(({ algorithm }) => algorithm === name));
}
