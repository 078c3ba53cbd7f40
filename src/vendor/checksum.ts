import { type Sha256Hex, tryParseSha256 } from "../core/digest.ts";

/** A checksum as the vendor writes it; its page's own sample has 16 digits. */
export interface Checksum {
  readonly algorithm: string;
  readonly value: string;
}

/** Takes a checksum as evidence only if it is a SHA-256 of 64 hexadecimal digits. */
export function tryToSha256(checksum: Checksum | undefined): Sha256Hex | undefined {
  return checksum?.algorithm.toLowerCase() === "sha256" ? tryParseSha256(checksum.value) : undefined;
}
