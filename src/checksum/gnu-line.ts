import { tryEscapeName } from "./escaped-name.ts";

/**
 * Writes a line of `SHA256SUMS` as `sha256sum` of GNU coreutils 9 does, with its newline.
 *
 * A file named `-` is written as `./-`, because `sha256sum -c` takes that name for its standard input.
 */
export function toGnuLine(hex: string, path: string): string {
  const escaped = tryEscapeName(path);
  if (escaped !== undefined) return `\\${hex}  ${escaped}\n`;
  return `${hex}  ${path === "-" ? "./-" : path}\n`;
}
