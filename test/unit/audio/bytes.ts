/** Little pieces that the writers of test data share; everything is computed bit by bit on purpose. */

/** Repeatable bytes that hold no 0xFF, so that no frame header appears by chance. */
export function noise(count: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(count);
  let state = seed;
  for (let index = 0; index < count; index += 1) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    bytes[index] = (state >>> 16) % 255;
  }
  return bytes;
}

export function uint32le(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

export function uint32be(value: number): Buffer {
  return Buffer.from(uint32le(value)).reverse();
}

export function uint16le(value: number): Buffer {
  return uint32le(value).subarray(0, 2);
}

/** Replaces the bytes at `position`. */
export function patched(bytes: Uint8Array, position: number, patch: Uint8Array): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(patch, position);
  return copy;
}

/** Cuts `count` bytes out at `position` and puts `insert` there. */
export function spliced(
  bytes: Uint8Array,
  position: number,
  { remove = 0, insert }: { readonly remove?: number; readonly insert?: Uint8Array },
): Buffer {
  return Buffer.concat([bytes.subarray(0, position), insert ?? new Uint8Array(), bytes.subarray(position + remove)]);
}
