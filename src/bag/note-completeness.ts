import type { BagListing, ReadManifest } from "./bag-listing.ts";
import { type BagFolder, foldName } from "./bag-names.ts";
import type { BagNotes } from "./bag-notes.ts";
import { isPayloadPath, PAYLOAD_FOLDER } from "./bag-path.ts";
import { type BagVersion, gradeSinceRfc } from "./bag-version.ts";

/** A bag whose manifests were read. */
export interface CompletenessCheck {
  readonly source: BagFolder & { readonly hasPayloadFolder: boolean };
  readonly manifests: readonly ReadManifest[];
  readonly listing: BagListing;
  readonly notes: BagNotes;
  readonly version: BagVersion;
}

/**
 * Notes what a bag lacks, and what its manifests as a whole do not cover.
 *
 * @see RFC 8493 sections 2.1, 2.2.1, 2.4 and 3
 */
export function noteCompleteness(check: CompletenessCheck): void {
  const { source, manifests, notes } = check;
  if (!source.hasPayloadFolder) {
    notes.add({ grade: "not-conforming", subject: PAYLOAD_FOLDER, message: "there is no such folder" });
  }
  if (!manifests.some(({ name }) => name.lists === "payload")) {
    const message = "there is no payload manifest that can be read, such as manifest-sha512.txt";
    notes.add({ grade: "not-conforming", subject: "manifest-*.txt", message });
  }
  for (const manifest of manifests) {
    noteAlgorithm(manifest, check);
    if (manifest.name.lists === "payload") notePayloadGaps(manifest, check);
    else noteTagGaps(manifest, check);
  }
  noteWeakness(check);
  noteUnlistedTags(check);
  noteNames(check);
}

function noteAlgorithm({ name }: ReadManifest, { notes, version }: CompletenessCheck): void {
  const { algorithm, algorithmText, isNormal } = name;
  if (algorithm === undefined) {
    const message = `its checksums cannot be verified: the algorithm ${JSON.stringify(algorithmText)} is not known here`;
    notes.add({ grade: "checksum-unverifiable", subject: name.name, message });
  }
  if (!isNormal) {
    const message = "its name is not in lower-case letters and digits";
    notes.add({ grade: gradeSinceRfc(version), subject: name.name, message });
  }
}

/** Since 1.0 each payload manifest lists all payload files; before, it was enough that one did. */
function notePayloadGaps({ name }: ReadManifest, { listing, notes, version }: CompletenessCheck): void {
  for (const path of listing.files.keys()) {
    if (!isPayloadPath(path) || listing.lists(name.name, path)) continue;
    const message = "payload files are not listed that other manifests list";
    notes.add({ grade: gradeSinceRfc(version), subject: name.name, message, example: path });
  }
}

function noteTagGaps({ name }: ReadManifest, { manifests, listing, notes, version }: CompletenessCheck): void {
  for (const { name: other } of manifests) {
    if (other.lists === "tags" || listing.lists(name.name, other.name)) continue;
    const message = "payload manifests are not listed";
    notes.add({ grade: gradeSinceRfc(version), subject: name.name, message, example: other.name });
  }
}

function noteWeakness({ manifests, notes }: CompletenessCheck): void {
  const algorithms = manifests.filter(({ name }) => name.lists === "payload").map(({ name }) => name.algorithm);
  if (algorithms.length === 0 || algorithms.some((algorithm) => algorithm !== "md5" && algorithm !== "sha1")) return;
  const message = "only MD5 or SHA-1 speak for the payload, which show damage, and not forgery";
  notes.add({ grade: "remark", subject: PAYLOAD_FOLDER, message });
}

function noteUnlistedTags({ source, listing, manifests, notes }: CompletenessCheck): void {
  const tagManifests = new Set(manifests.filter(({ name }) => name.lists === "tags").map(({ name }) => name.name));
  for (const path of source.regular) {
    if (isPayloadPath(path) || listing.files.has(path) || tagManifests.has(path)) continue;
    // A signature over a tag manifest can be in none.
    if ([...tagManifests].some((name) => path.startsWith(`${name}.`))) continue;
    const message = "tag files are in no tag manifest, so nothing tells whether they are as they were";
    notes.add({ grade: "remark", subject: "tag files", message, example: path });
  }
}

/** What operating systems leave behind; nobody misses it, and some copying drops it. */
const LEFT_BEHIND = new Set([".DS_Store", "Thumbs.db", "desktop.ini", ".directory", ".Trashes"]);

/** @see RFC 8493 section 6.1.1 */
function noteNames({ listing, notes }: CompletenessCheck): void {
  const seen = new Set<string>();
  for (const path of listing.files.keys()) {
    const fold = foldName(path);
    if (seen.has(fold)) {
      const message = "names differ from others in case or normal form only, so that some disks cannot hold both";
      notes.add({ grade: "remark", subject: PAYLOAD_FOLDER, message, example: path });
    }
    seen.add(fold);
    if (LEFT_BEHIND.has(path.slice(path.lastIndexOf("/") + 1))) {
      const message = "files of the operating system are listed";
      notes.add({ grade: "remark", subject: PAYLOAD_FOLDER, message, example: path });
    }
  }
}
