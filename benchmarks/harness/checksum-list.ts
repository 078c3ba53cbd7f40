/** Whether a file is the one that was recorded, by its path. */
export type Verdicts = ReadonlyMap<string, "ok" | "damaged">;

/** Writes digests by path the way `sha256sum` prints and reads them. */
export function toChecksumList(digests: Iterable<readonly [string, string]>): string {
  return [...digests].map(([path, digest]) => `${digest}  ${path}\n`).join("");
}

/** Reads what `sha256sum` or `openssl dgst -r` printed: digests by path. */
export function parseChecksumList(text: string): Map<string, string> {
  const lines = text.matchAll(/^([0-9a-f]{64}) [ *](?:\.\/)?(.+)$/gm);
  return new Map([...lines].map(([, digest = "", path = ""]) => [path, digest] as const));
}

/** Reads what `sha256sum -c` printed. */
export function parseCheckVerdicts(text: string): Verdicts {
  const lines = text.matchAll(/^(.+): (OK|FAILED)$/gm);
  return new Map([...lines].map(([, path = "", word]) => [path, word === "OK" ? "ok" : "damaged"] as const));
}

/** Judges printed digests by the recorded ones. */
export function toVerdicts(found: ReadonlyMap<string, string>, recorded: ReadonlyMap<string, string>): Verdicts {
  return new Map([...found].map(([path, digest]) => [path, digest === recorded.get(path) ? "ok" : "damaged"] as const));
}

/** Deals entries out to so many lists of almost the same length. */
export function dealOut<T>(entries: Iterable<T>, lists: number): readonly (readonly T[])[] {
  const all = [...entries];
  return Array.from({ length: lists }, (_, list) => all.filter((_entry, index) => index % lists === list));
}
