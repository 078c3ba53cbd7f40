import { toPortableName } from "../io/safe-name.ts";
import { toPayloadName } from "../packaging/payload-name.ts";

/**
 * Turns the name of a file or folder from outside into one that every file system and every list takes. What no reader sees is
 * written otherwise, and two names can become one.
 */
export function toForeignPayloadName(name: string, maxBytes?: number): string {
  return toPayloadName(toPortableName(name.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "_"), maxBytes));
}
