/**
 * Orders texts as their UTF-8 bytes, which is what `LC_ALL=C sort` does. JavaScript's own order is that of UTF-16, where
 * characters beyond the basic plane come before those from U+E000 on.
 */
export function compareByteOrder(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const [left, right] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (left !== right) return toRank(left) - toRank(right);
  }
  return a.length - b.length;
}

/** Puts the halves of a pair behind all other code units. */
function toRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
