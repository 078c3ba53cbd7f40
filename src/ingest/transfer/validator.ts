import { createHash, randomUUID } from "node:crypto";
import type { Sha256Hex } from "../../core/digest.ts";
import { tryReadBootId } from "../../io/boot-id.ts";

/** What is promised of the bytes that a file is the beginning of. */
interface Promised {
  readonly sha256: Sha256Hex | undefined;
}

const NONE = "n";

/**
 * What cannot be proven by a digest in the end must not be gone on with after the machine was started anew: a power
 * cut may have left zeros where bytes were. Where there is no boot id, no other process goes on with it.
 */
const BOOT = `e${toHash(tryReadBootId() ?? randomUUID()).slice(0, 8)}`;

/**
 * Names what held bytes belong to: the file with the promised digest, else the version that a strong entity tag
 * stands for, else nothing that could be found again.
 */
export function toValidator({ sha256 }: Promised, { etag }: { readonly etag: string | undefined }): string {
  if (sha256 !== undefined) return `s${sha256.slice(0, 32)}`;
  return etag === undefined ? NONE : toEtagValidator(etag);
}

/** Tells whether held bytes may be the beginning of a file; which version of it the entity tag stands for, the answer says. */
export function isValidatorOf(promised: Promised, validator: string): boolean {
  return validator.startsWith(BOOT) || (promised.sha256 !== undefined && validator === toValidator(promised, NO_ETAG));
}

/** Tells whether the answer to a range is of the version that the held bytes are of. */
export function isSameVersion(validator: string, etag: string | undefined): boolean {
  return validator.startsWith("s") || (etag !== undefined && validator === toEtagValidator(etag));
}

const NO_ETAG = { etag: undefined };

function toEtagValidator(etag: string): string {
  return `${BOOT}${toHash(etag).slice(0, 24)}`;
}

function toHash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
