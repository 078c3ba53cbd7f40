import type { Finding } from "../../core/finding.ts";
import { DESCRIPTOR_NAME, ORIGINALS_FOLDER } from "../../packaging/package-layout.ts";
import type { Unit, UnitOutcome } from "../holding.ts";
import { type PackageGrounds, toFindingOf } from "./package-check.ts";

/** A file as a package's manifests name it, and as it was found. */
interface ListedContent {
  /** Undefined where no manifest names one. */
  readonly sha256: string | undefined;
  /** Undefined of a file that is not there, or was not looked at. */
  sizeBytes: number | undefined;
}

/** What the manifests of a package name, gathered while its files are looked at, so that no manifest is read twice. */
export class PackageContents {
  readonly #files = new Map<string, ListedContent>();
  readonly #prefix: string;

  constructor({ location }: { readonly location: string }) {
    this.#prefix = `${location}/`;
  }

  /** By path in the package. */
  get files(): ReadonlyMap<string, ListedContent> {
    return this.#files;
  }

  /** Takes in a unit that is about to be looked at, and gives its path in the package. */
  take({ subject, files: [file] }: Unit): string {
    const path = subject.slice(this.#prefix.length);
    const sha256 = file?.digests.find(({ algorithm }) => algorithm === "sha256")?.hex;
    this.#files.set(path, { sha256, sizeBytes: undefined });
    return path;
  }

  note(outcomes: readonly UnitOutcome[]): void {
    for (const { unit, looks } of outcomes) {
      const [look] = looks;
      const file = this.#files.get(unit.subject.slice(this.#prefix.length));
      if (file !== undefined && look?.kind === "regular") file.sizeBytes = look.trace.sizeBytes;
    }
  }

  /** Holds what there is against what the descriptor counts. What is missing or changed has findings of its own. */
  compareCounts({ files, descriptor: { counts } }: PackageGrounds): readonly Finding[] {
    const originals = [...this.#files].filter(([path]) => isOriginal(path)).map(([, file]) => file);
    const toFinding = toFindingOf(files, DESCRIPTOR_NAME);
    const findings: Finding[] = [];
    if (originals.length !== counts.originals) {
      const message = `it counts ${counts.originals} originals, and the manifests list ${originals.length}`;
      findings.push(toFinding("manifest-invalid", message, { expected: counts.originals, found: originals.length }));
    }
    if (originals.some(({ sizeBytes }) => sizeBytes === undefined)) return findings;
    const bytes = originals.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0);
    if (bytes === counts.originalBytes) return findings;
    const message = `it counts ${counts.originalBytes} bytes of originals, and there are ${bytes}`;
    return [...findings, toFinding("size-mismatch", message, { expected: counts.originalBytes, found: bytes })];
  }
}

/** Tells an original from all else that a package holds. */
export function isOriginal(path: string): boolean {
  return path.startsWith(`${ORIGINALS_FOLDER}/`);
}
