import type { Finding, FindingDetail, FindingKind } from "../../core/finding.ts";
import type { PackageDescriptor } from "../../packaging/schema.ts";
import type { BagFiles } from "./bag-files.ts";
import type { PackageTrust } from "./package-trust.ts";

/** What the checks of a package work on. */
export interface PackageGrounds {
  readonly files: BagFiles;
  readonly descriptor: PackageDescriptor;
  readonly trust: PackageTrust;
}

/** What a check of a package came to. */
export interface PackageCheck {
  /** For a script: `status` and what goes with it; JSON-safe. */
  readonly facts: Readonly<Record<string, string | number | null>>;
  /** For a person: what was checked and what was not, a sentence each. */
  readonly remarks: readonly string[];
  readonly findings: readonly Finding[];
}

/** Makes findings of one file of a package. */
export function toFindingOf(
  { location }: Pick<BagFiles, "location">,
  path: string,
): (kind: FindingKind, message: string, detail?: FindingDetail) => Finding {
  return (kind, message, detail = {}) => ({ kind, subject: `${location}/${path}`, message, detail });
}
