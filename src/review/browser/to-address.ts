/** Gives the address of a file of the package, as seen from the page, whatever characters are in its names. */
export function toAddress(path: string): string {
  return `../${path.split("/").map(toSegment).join("/")}`;
}

/** Halves of surrogate pairs, which no name on a disk has, cannot be encoded. */
function toSegment(name: string): string {
  return encodeURIComponent(name.replaceAll(/\p{Cs}/gu, "\ufffd"));
}
