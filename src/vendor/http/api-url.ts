import { UnsafeNameError } from "../../core/errors.ts";

/** Values of a query; what is undefined is left out. */
export type Query = Readonly<Record<string, string | number | undefined>>;

/**
 * Builds an address below the API's base from path segments that may hold anything.
 *
 * @throws {UnsafeNameError} a segment is empty, `.`, `..` or not Unicode, and would lead to another place.
 */
export function toApiUrl(baseUrl: string, segments: readonly string[], query: Query = {}): URL {
  const url = new URL(baseUrl);
  url.pathname = [url.pathname.replace(/\/+$/, ""), ...segments.map(toSegment)].join("/");
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

function toSegment(text: string): string {
  if (text === "" || text === "." || text === ".." || /\p{Surrogate}/u.test(text)) {
    throw new UnsafeNameError(`cannot be part of an address: ${JSON.stringify(text)}`);
  }
  return encodeURIComponent(text);
}
