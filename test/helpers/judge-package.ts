import type { Finding } from "../../src/core/finding.ts";
import type { PackageFacts } from "../../src/fixity/holding.ts";
import { openBagHolding } from "../../src/fixity/holdings/bag-holding.ts";
import { toPackageHolding } from "../../src/fixity/holdings/package-holding.ts";
import type { PackageTrust } from "../../src/fixity/holdings/package-trust.ts";
import { judgeHolding } from "../bags/judge-bag.ts";

/** What a verification says of a package. */
export interface PackageVerdict {
  /** Of each finding its kind and the path in the package, in their order. */
  readonly found: readonly string[];
  readonly findings: readonly Finding[];
  /** A line each. */
  readonly remarks: string;
  readonly facts: PackageFacts | undefined;
}

/** Verifies a package by its digests. @param trust - What is known from elsewhere; nothing unless it is given. */
export async function judgePackage(root: string, trust: Partial<PackageTrust> = {}): Promise<PackageVerdict> {
  const known = { signers: undefined, certificates: undefined, ledgerKey: undefined, nowMs: Date.now(), ...trust };
  const holding = await openBagHolding(root, (bag, files) => toPackageHolding(bag, files, known));
  const { findings, remarks } = await judgeHolding(holding, "digest");
  const found = findings.map(({ kind, subject }) => `${kind} ${subject.slice(root.length + 1)}`).toSorted();
  return { found, findings, remarks: remarks.join("\n"), facts: holding.packages?.()[0] };
}
