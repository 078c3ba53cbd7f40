import type { CallOptions } from "./recording-source.ts";

/** Makes one request the way the caller wants requests made; by default once and at once. */
export function makeRequest<T>(request: () => Promise<T>, { call }: CallOptions): Promise<T> {
  return call === undefined ? request() : call(request);
}
