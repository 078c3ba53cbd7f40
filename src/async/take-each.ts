/** Gives each item of a list in order and takes it out: what has been worked on need not be kept until all has. */
export function* takeEach<T extends object>(items: T[]): Generator<T> {
  items.reverse();
  for (let item = items.pop(); item !== undefined; item = items.pop()) yield item;
}
