/** Writes digests by file name the way `sha256sum` prints and reads them. */
export function toChecksumList(digests: Iterable<readonly [string, string]>): string {
  return [...digests].map(([path, digest]) => `${digest}  ${path}\n`).join("");
}

/** Reads what `sha256sum` printed: digests by file name. */
export function parseChecksumList(text: string): Map<string, string> {
  const lines = text.matchAll(/^([0-9a-f]{64}) [ *](.+)$/gm);
  return new Map([...lines].map(([, digest = "", path = ""]) => [path, digest] as const));
}

/** Reads what `sha256sum -c` printed: `ok` or `damaged` by file name. */
export function parseCheckVerdicts(text: string): Map<string, string> {
  const lines = text.matchAll(/^(.+): (OK|FAILED)$/gm);
  return new Map([...lines].map(([, path = "", verdict]) => [path, verdict === "OK" ? "ok" : "damaged"] as const));
}
