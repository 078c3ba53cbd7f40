import type { Archive } from "../../archive/archive.ts";
import { type Identity, identify } from "../../audio/identify.ts";
import type { ArchivedFile } from "../../core/archived-file.ts";
import type { Sha256Hex } from "../../core/digest.ts";
import { StorageUnavailableError } from "../../io/errors.ts";

/** What stands in the place of a recorded file now. */
export type StandingFile =
  | { readonly kind: "absent" }
  /** The recorded bytes, whatever was seen before. */
  | { readonly kind: "sound" }
  | { readonly kind: "damaged"; readonly label: string; readonly sizeBytes?: number; readonly sha256?: Sha256Hex };

/**
 * Reads what stands in the place of a recorded file, to its end where that is possible. Links are not followed.
 *
 * @throws {StorageUnavailableError} it cannot be told whether anything stands there.
 * @throws the reason of `signal` when it aborts.
 */
export async function lookAtStanding(
  archive: Archive,
  { key, sha256 }: ArchivedFile,
  signal: AbortSignal | undefined,
): Promise<StandingFile> {
  const stat = await archive.stat(key);
  if (stat === undefined) return { kind: "absent" };
  if (!stat.isRegular) return { kind: "damaged", label: "something that is no file" };
  const identity = await tryIdentify(archive, key, signal);
  if (identity === undefined) return { kind: "damaged", label: "unreadable" };
  if (identity.sha256 === sha256) return { kind: "sound" };
  const { content, sizeBytes, sha256: found } = identity;
  return { kind: "damaged", label: content.label, sizeBytes, sha256: found };
}

async function tryIdentify(
  archive: Archive,
  key: ArchivedFile["key"],
  signal: AbortSignal | undefined,
): Promise<Identity | undefined> {
  try {
    return await identify(archive.read(key, signal));
  } catch (error) {
    if (error instanceof StorageUnavailableError) return undefined;
    throw error;
  }
}
