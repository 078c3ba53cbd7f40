import type { Expected, Holding, Stray } from "../../src/fixity/holding.ts";

/** Gathers all files that a holding expects. */
export async function listExpected({ units }: Holding): Promise<readonly Expected[]> {
  const files: Expected[] = [];
  for await (const unit of units()) files.push(...unit.files);
  return files;
}

/** Gathers all that stands unrecorded, in the order of its paths. */
export async function listStrays({ strays }: Holding): Promise<readonly Stray[]> {
  const found: Stray[] = [];
  for await (const stray of strays?.() ?? []) found.push(stray);
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Findings by kind and subject, for comparing. */
export function toKinds({ findings }: Pick<Holding, "findings">): readonly (readonly [string, string])[] {
  return findings.map(({ kind, subject }) => [kind, subject]);
}
