/** Finds an element that every page has. */
export function findElement<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`internal error: the page has no ${id}`);
  return found as Kind;
}
