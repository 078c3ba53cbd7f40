import type { PublicKey } from "./public-key.ts";

/** Who may sign, with which key, and for what. */
export interface Permission {
  /** Whoever it is, under any name. */
  readonly identity: string;
  readonly publicKey: PublicKey;
  /** What the key may sign for, and nothing else. */
  readonly namespace: string;
}

/**
 * Writes the line, without a line feed, by which `ssh-keygen -Y verify` takes signatures by the key for those of
 * {@link toPrincipal}.
 *
 * @see ssh-keygen(1) "ALLOWED SIGNERS"
 */
export function toAllowedSignersLine({ identity, publicKey, namespace }: Permission): string {
  return `${toPrincipal(identity)} namespaces="${namespace}" ${publicKey.toSshLine()}`;
}

/** Principals are patterns in a line with blanks between: what would be more than a plain name is none. */
export function toPrincipal(identity: string): string {
  return identity.replace(/[^\w.@+-]/g, "_") || "_";
}
