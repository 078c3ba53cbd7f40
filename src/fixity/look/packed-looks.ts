import type { Look, LookRequest } from "./look.ts";

/**
 * Looks in the form that costs least from thread to thread, where an object costs more than a file's digest: what is told of most
 * files, their trace and digests, stands value after value; any other look stands among them as it is.
 */
export type PackedLooks = readonly (Look | string | number)[];

/** Packs looks in their order. */
export function packLooks(looks: readonly Look[]): PackedLooks {
  const packed: (Look | string | number)[] = [];
  for (const look of looks) {
    if (look.kind !== "regular" || look.identity !== undefined || look.text !== undefined) packed.push(look);
    else packed.push(look.trace.sizeBytes, look.trace.inode, look.trace.modifiedNs, ...look.digests);
  }
  return packed;
}

/** Unpacks what was packed of the looks that `requests` asked for. */
export function unpackLooks(packed: PackedLooks, requests: readonly LookRequest[]): readonly Look[] {
  let at = 0;
  return requests.map(({ algorithms }) => {
    const first = packed[at++];
    if (typeof first === "object") return first;
    const trace = { sizeBytes: Number(first), inode: String(packed[at++]), modifiedNs: String(packed[at++]) };
    const digests = algorithms.map(() => String(packed[at++]));
    return { kind: "regular", trace, digests };
  });
}
