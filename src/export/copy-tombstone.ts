import { basename } from "node:path";
import type { Archive } from "../archive/archive.ts";
import type { Tombstone } from "../archive/schema.ts";
import { parseTombstone } from "../archive/tombstone.ts";
import type { ArchivedFile } from "../core/archived-file.ts";
import { DigestMismatchError } from "../core/errors.ts";
import { RECORDS_FOLDER } from "../packaging/package-layout.ts";
import { toPayloadName } from "../packaging/payload-name.ts";
import type { PackageFolder } from "./package-folder.ts";

/**
 * Copies what is left of a recording that was removed.
 *
 * @throws {DigestMismatchError} it is not what was written; so does {@link SidecarInvalidError}.
 */
export async function copyTombstone(
  { key, sha256 }: ArchivedFile,
  { archive, folder }: { readonly archive: Pick<Archive, "read" | "toPath">; readonly folder: PackageFolder },
): Promise<Tombstone> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive.read(key)) chunks.push(Uint8Array.from(chunk));
  const text = Buffer.concat(chunks).toString();
  const file = await folder.writeText(`${RECORDS_FOLDER}/${toPayloadName(basename(key))}`, [text]);
  if (file.sha256 !== sha256)
    throw new DigestMismatchError({ subject: archive.toPath(key), expected: sha256, found: file.sha256 });
  return parseTombstone(key, text);
}
