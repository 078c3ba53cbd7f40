// Sizes are halved by division: the operators on bits would cut them to 32.

/** Gives the level of the largest complete subtree that `leaves` (at least one) can fill; a leaf is one of level 0. */
export function toLevel(leaves: number): number {
  let level = 0;
  while (2 ** (level + 1) <= leaves) level += 1;
  return level;
}

/**
 * Gives how many of the leaves of a tree of two or more are in its left half: the largest power of two below their number.
 *
 * @see RFC 9162 section 2.1.1, where it is k
 */
export function toSplit(leaves: number): number {
  return 2 ** toLevel(leaves - 1);
}

/** The side on which a node's sibling stands. */
type Side = "left" | "right";

/**
 * Says on which side the siblings are that are met on the way from node `index` up to the root, where `last` is the last
 * node of that level. Where the last node has no sibling it is its own parent, and nothing is met.
 *
 * @see RFC 9162 sections 2.1.3.2 and 2.1.4.2, where these numbers are fn and sn
 */
export function toSiblingSides(index: number, last: number): readonly Side[] {
  const sides: Side[] = [];
  let [node, end] = [index, last];
  while (end > 0) {
    if (node % 2 === 1) sides.push("left");
    else if (node < end) sides.push("right");
    [node, end] = [Math.floor(node / 2), Math.floor(end / 2)];
  }
  return sides;
}

/** Tells whether a number can be one of leaves. */
export function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
