import { BagNotes } from "../../bag/bag-notes.ts";
import { isPayloadPath } from "../../bag/bag-path.ts";
import { parseManifest } from "../../bag/manifest.ts";
import type { Finding } from "../../core/finding.ts";
import { SIGNATURE_NAME, SIGNED_MANIFEST_NAME, TIME_STAMP_NAME } from "../../packaging/package-layout.ts";
import type { PackageDescriptor } from "../../packaging/schema.ts";
import { type PackageGrounds, toFindingOf } from "./package-check.ts";
import type { ReadPackageFile } from "./read-package-file.ts";

/** No tag manifest lists another (RFC 8493 section 2.2.1). */
const TAG_MANIFESTS: readonly string[] = [SIGNED_MANIFEST_NAME, "tagmanifest-sha512.txt"];

/**
 * Finds what stands beside the payload and the tag manifest does not list that is signed: in a bag that may be, in a package
 * it was put there later. Also a tag manifest that every package has.
 *
 * @param manifest - The tag manifest that is signed, as it was read.
 */
export function findUncovered(
  manifest: ReadPackageFile,
  { files, descriptor }: Pick<PackageGrounds, "files" | "descriptor">,
): readonly Finding[] {
  const missing = TAG_MANIFESTS.filter((name) => !files.regular.has(name)).map((name) =>
    toFindingOf(files, name)("missing", "the tag manifest is not there, which every package has"),
  );
  if ("problem" in manifest) return missing;
  const listed = listPaths(manifest.bytes);
  const unlistable = [...TAG_MANIFESTS, ...toAttestations(descriptor)];
  const uncovered = [...files.regular, ...files.other].filter(
    (path) => !isPayloadPath(path) && !listed.has(path) && !unlistable.includes(path),
  );
  const message = `${SIGNED_MANIFEST_NAME} does not list this: it was put there later`;
  return [...missing, ...uncovered.map((path) => toFindingOf(files, path)("unexpected", message))];
}

/** Names what speaks for the tag manifest, and so stands in none, where the package has it. */
function toAttestations({ signature, timeStamp }: PackageDescriptor): readonly string[] {
  return [...(signature === null ? [] : [SIGNATURE_NAME]), ...(timeStamp === null ? [] : [TIME_STAMP_NAME])];
}

/** Lines that cannot be read are told of by whoever reads the bag; no tag file of a package has a name that is encoded. */
function listPaths(bytes: Uint8Array): ReadonlySet<string> {
  const file = { name: SIGNED_MANIFEST_NAME, version: "1.0", notes: new BagNotes() } as const;
  return new Set(parseManifest(Buffer.from(bytes).toString("utf8"), "sha256", file).map(({ path }) => path));
}
