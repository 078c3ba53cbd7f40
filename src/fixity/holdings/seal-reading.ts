import { createHash } from "node:crypto";
import { toGnuLine } from "../../checksum/gnu-line.ts";
import type { MergedFile } from "../../checksum/merge-listed.ts";
import type { Digest } from "../../core/digest.ts";
import type { Finding, FindingKind } from "../../core/finding.ts";
import type { Seal, SealedFile } from "../seal-record.ts";
import { type ListedFiles, readListed } from "./listed-files.ts";
import type { Places } from "./listed-place.ts";
import { MANIFEST_FILE, SEAL_FILE } from "./record-names.ts";

/** A file with what the two records of a seal say of it. */
export interface SealedEntry {
  readonly sizeBytes: number | undefined;
  readonly digests: readonly Digest[];
  /** Undefined where the list alone names it, or names it otherwise. */
  readonly sealed: SealedFile | undefined;
}

/** Gathers what the two records of a seal say, and where they contradict each other. */
export class SealReading {
  readonly findings: Finding[] = [];
  readonly remarks: string[] = [];
  /** By the way from the folder. */
  readonly files = new Map<string, SealedEntry>();
  readonly #places: Places;

  constructor(places: Places) {
    this.#places = places;
  }

  tell(kind: FindingKind, way: string, message: string): void {
    this.findings.push({ kind, subject: this.#places.toPlace(way), message, detail: {} });
  }

  takeSeal({ files }: Seal): void {
    for (const sealed of files) {
      const way = this.#places.tryToWay(sealed.path);
      const { sizeBytes, sha256: hex } = sealed;
      if (way === undefined) this.#tellUnsafe(sealed.path);
      else if (this.files.has(way)) this.tell("manifest-invalid", way, "the seal names this file twice");
      else this.files.set(way, { sizeBytes, digests: [{ algorithm: "sha256", hex }], sealed });
    }
  }

  /** @param seal - Undefined if it cannot be read: the list is believed alone then. */
  takeManifest(bytes: Uint8Array, seal: Seal | undefined): void {
    if (seal !== undefined) this.#checkDigest(bytes, seal);
    // Reading a hundred thousand lines takes longer than writing them anew.
    if (seal !== undefined && isManifestOf(bytes, seal)) return;
    const listed = readListed(this.#places.toPlace(MANIFEST_FILE), bytes, this.#places);
    this.findings.push(...listed.findings);
    this.remarks.push(...listed.remarks);
    if (seal === undefined) for (const [way, file] of listed.files) this.files.set(way, toEntry(file));
    else this.#compare(listed);
  }

  #tellUnsafe(subject: string): void {
    const message = "the seal leads out of its folder; it was not followed";
    this.findings.push({ kind: "unsafe-path", subject, message, detail: {} });
  }

  #checkDigest(bytes: Uint8Array, { manifestSha256 }: Seal): void {
    const found = createHash("sha256").update(bytes).digest("hex");
    if (found === manifestSha256) return;
    const subject = this.#places.toPlace(MANIFEST_FILE);
    const message = `this is not the list that was sealed: ${SEAL_FILE} states another sha256`;
    const detail = { algorithm: "sha256", expected: manifestSha256, found } as const;
    this.findings.push({ kind: "manifest-invalid", subject, message, detail });
  }

  /** A file that one of them alone names is expected too, and one that both name must fit both. */
  #compare({ named, files }: ListedFiles): void {
    const onlySealed = [...this.files.keys()].filter((way) => !named.has(way));
    const onlyListed: string[] = [];
    const differing: string[] = [];
    for (const [way, file] of files) {
      const known = this.files.get(way);
      const others = known === undefined ? [] : toOthers(file.digests, known.digests);
      if (known === undefined) onlyListed.push(way);
      if (others.length > 0) differing.push(way);
      if (known === undefined) this.files.set(way, toEntry(file));
      // Of a file on which they differ, the seal's word on its audio and its traces is worth no more than its digest.
      else if (others.length > 0)
        this.files.set(way, { ...known, digests: [...known.digests, ...others], sealed: undefined });
    }
    this.#tellWays(MANIFEST_FILE, `${MANIFEST_FILE} does not name what the seal names`, onlySealed);
    this.#tellWays(SEAL_FILE, `the seal does not name what ${MANIFEST_FILE} names`, onlyListed);
    this.#tellWays(MANIFEST_FILE, `${MANIFEST_FILE} and the seal name different digests`, differing);
  }

  #tellWays(record: string, what: string, [first, ...others]: readonly string[]): void {
    if (first === undefined) return;
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    this.tell("manifest-invalid", record, `${what}: ${first}${more}`);
  }
}

function isManifestOf(bytes: Uint8Array, { files }: Seal): boolean {
  let text = "";
  for (const { sha256, path } of files) text += toGnuLine(sha256, path);
  return Buffer.from(text).equals(bytes);
}

function toOthers(digests: readonly Digest[], known: readonly Digest[]): readonly Digest[] {
  return digests.filter(({ algorithm, hex }) => !known.some((one) => one.algorithm === algorithm && one.hex === hex));
}

function toEntry({ digests, sizeBytes }: MergedFile): SealedEntry {
  return { sizeBytes, digests, sealed: undefined };
}
