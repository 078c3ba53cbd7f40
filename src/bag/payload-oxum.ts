import type { BagInfoElement } from "./bag-info.ts";
import { gradeSinceRfc } from "./bag-version.ts";
import type { TagFile } from "./tag-file.ts";

/** How much payload there was when the bag was made. */
export interface PayloadOxum {
  readonly octets: bigint;
  readonly streams: bigint;
}

/**
 * Reads what `bag-info.txt` says of the payload's size; each, if it says so more than once.
 *
 * @see RFC 8493 section 2.2.2
 */
export function toPayloadOxums(elements: readonly BagInfoElement[], file: TagFile): readonly PayloadOxum[] {
  // Reserved labels are case-insensitive.
  const values = elements.filter(({ label }) => label.toLowerCase() === "payload-oxum").map(({ value }) => value);
  const grade = gradeSinceRfc(file.version);
  if (values.length > 1) file.notes.add({ grade, subject: file.name, message: "it has more than one Payload-Oxum" });
  return values.flatMap((value) => {
    const [, octets, streams] = /^(\d{1,30})\.(\d{1,30})$/.exec(value.trim()) ?? [];
    if (octets !== undefined && streams !== undefined) return [{ octets: BigInt(octets), streams: BigInt(streams) }];
    const message = "its Payload-Oxum is not a count of octets, a full stop and a count of files";
    file.notes.add({ grade, subject: file.name, message });
    return [];
  });
}
