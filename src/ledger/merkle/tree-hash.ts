import { hash } from "node:crypto";

/** How long a hash of the tree is. */
export const HASH_BYTES = 32;

/** The root of a tree without leaves: the hash of no bytes. It is shared, and not to be written to. */
export const EMPTY_ROOT = toSha256(new Uint8Array(0));

/**
 * Hashes an entry to a leaf of the tree.
 *
 * @see RFC 9162 section 2.1.1
 */
export function hashLeaf(data: Uint8Array): Buffer {
  const input = Buffer.allocUnsafe(1 + data.length);
  input[0] = 0x00;
  input.set(data, 1);
  return toSha256(input);
}

/**
 * Hashes two nodes to the node above them. Both must be whole hashes: of other lengths it could not be told where one ends.
 *
 * @see RFC 9162 section 2.1.1
 */
export function hashChildren(left: Uint8Array, right: Uint8Array): Buffer {
  if (left.length !== HASH_BYTES || right.length !== HASH_BYTES) {
    throw new Error(`internal error: nodes of ${left.length} and ${right.length} bytes are no hashes`);
  }
  const input = Buffer.allocUnsafe(1 + 2 * HASH_BYTES);
  input[0] = 0x01;
  input.set(left, 1);
  input.set(right, 1 + HASH_BYTES);
  return toSha256(input);
}

/** In Node 20 the way through a string takes two thirds of the time of an answer as a buffer, and half that of `createHash`. */
function toSha256(bytes: Uint8Array): Buffer {
  return Buffer.from(hash("sha256", bytes, "binary"), "latin1");
}
