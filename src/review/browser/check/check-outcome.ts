/** How a file can come out, worst first; `apart` is what no manifest can list. */
export const VERDICTS = ["changed", "missing", "unreadable", "added", "unchecked", "apart", "same"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** How one file came out. */
export interface FileOutcome {
  readonly path: string;
  readonly verdict: Verdict;
  /** What else there is to say of it. */
  readonly note: string | undefined;
}

/** How all of a package came out. */
export interface CheckOutcome {
  /** Worst first, and by path. */
  readonly files: readonly FileOutcome[];
  readonly counts: Readonly<Record<Verdict, number>>;
  /** How many bytes were read of files that are listed. */
  readonly bytes: number;
  /** What is wrong with the manifests themselves, a sentence each. */
  readonly problems: readonly string[];
  /** Of `tagmanifest-sha256.txt`, as it is now; undefined where it could not be read. */
  readonly tagManifestSha256: string | undefined;
}

/** Puts file outcomes in order and counts them. */
export function toOutcome(files: readonly FileOutcome[], rest: Omit<CheckOutcome, "files" | "counts">): CheckOutcome {
  const counts = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0])) as Record<Verdict, number>;
  for (const { verdict } of files) counts[verdict] += 1;
  const rank = (file: FileOutcome) => VERDICTS.indexOf(file.verdict);
  const ordered = files.toSorted((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
  return { ...rest, files: ordered, counts };
}

/** Tells whether every file that should be there is, as it should be, and no other. */
export function isAllSame({ files, counts, problems }: CheckOutcome): boolean {
  return problems.length === 0 && counts.same > 0 && counts.same + counts.apart === files.length;
}
