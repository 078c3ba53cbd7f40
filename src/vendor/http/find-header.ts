import type { Dispatcher } from "undici";

/** Finds a reply's header by its lower-case name; of a repeated one the first counts. */
export function findHeader(reply: Dispatcher.ResponseData, name: string): string | undefined {
  const value = reply.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
