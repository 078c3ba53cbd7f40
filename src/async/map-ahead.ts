/**
 * Maps items in order, with the next few under way before they are asked for. When nobody asks for more, those under way are
 * waited for.
 *
 * @param map - Must not reject: a failure is one of its values.
 * @param ahead - How many are under way at most.
 */
export async function* mapAhead<I, O>(
  items: Iterable<I>,
  map: (item: I) => Promise<O>,
  ahead: number,
): AsyncGenerator<O> {
  const underWay: Promise<O>[] = [];
  try {
    for (const item of items) {
      underWay.push(map(item));
      const oldest = underWay.length >= ahead ? underWay.shift() : undefined;
      if (oldest !== undefined) yield await oldest;
    }
    for (let oldest = underWay.shift(); oldest !== undefined; oldest = underWay.shift()) yield await oldest;
  } finally {
    await Promise.all(underWay);
  }
}
