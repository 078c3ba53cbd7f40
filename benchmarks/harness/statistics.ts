/** The middle of some figures, and how far apart they lie. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Gives the median and the range of one or more figures. With so few rounds a range is honest and quartiles are not.
 */
export function toSpread(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) throw new Error("internal error: no figures to spread");
  return { median: toMedian(sorted), min, max };
}

/**
 * Divides Holdfast's figure by the peer's, round by round, so that what slowed a whole round down cancels out.
 *
 * @returns undefined when a figure is missing or a peer's is 0.
 */
export function toRatio(
  holdfast: readonly (number | undefined)[],
  peer: readonly (number | undefined)[],
): Spread | undefined {
  if (holdfast.length !== peer.length) throw new Error("internal error: rounds are missing");
  const ratios: number[] = [];
  for (const [round, ours] of holdfast.entries()) {
    const theirs = peer[round];
    if (ours === undefined || theirs === undefined || theirs === 0) return undefined;
    ratios.push(ours / theirs);
  }
  return ratios.length === 0 ? undefined : toSpread(ratios);
}

function toMedian(sorted: readonly number[]): number {
  const middle = sorted.length / 2;
  const [low = 0, high = 0] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}
