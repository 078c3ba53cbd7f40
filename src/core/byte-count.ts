const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1000,
  mb: 1000 ** 2,
  gb: 1000 ** 3,
  tb: 1000 ** 4,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
};

/**
 * Reads a number of bytes such as `4096`, `50MB`, `1.5GB` or `1GiB`; units may be written in either case. A bare `K`, `M` or
 * `G` is nothing: programs differ in what it means.
 *
 * @returns undefined for anything else, and for none at all.
 */
export function tryParseByteCount(text: string): number | undefined {
  const [, digits = "", unit = ""] = /^(\d+(?:\.\d+)?) ?([a-z]*)$/i.exec(text) ?? [];
  const bytes = Math.round(Number(digits) * (UNITS[unit.toLowerCase()] ?? Number.NaN));
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : undefined;
}
