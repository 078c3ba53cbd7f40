import { toByteWords, toCountWords, toGroupedDigits } from "../measure-words.ts";
import type { CheckFacts } from "./check-facts.ts";
import { type CheckOutcome, isAllSame, type Verdict } from "./check-outcome.ts";
import { MANIFEST_NAME, TAG_MANIFEST_NAME } from "./load-manifest.ts";

/** What a verdict is called in a table. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  changed: "changed",
  missing: "missing",
  unreadable: "could not be read",
  added: "added: in no list",
  unchecked: "not checked",
  apart: "there, not checked: no list can hold it",
  same: "as listed",
};

/** Tells in one sentence how the package came out. */
export function toHeadline(outcome: CheckOutcome): string {
  const { counts, problems } = outcome;
  if (isAllSame(outcome)) return `All ${toCountWords(counts.same, "file")} that the manifests list are as they say.`;
  const harmed = counts.changed + counts.missing + counts.unreadable + counts.unchecked + problems.length;
  if (harmed === 0 && counts.same > 0) {
    const added = counts.added === 1 ? "1 file is there" : `${toGroupedDigits(counts.added)} files are there`;
    return `All ${toCountWords(counts.same, "listed file")} are as the manifests say, but ${added} that they do not list.`;
  }
  const found = toDifferenceWords(counts);
  const manifests = problems.length > 0 ? " The manifests themselves are not in order." : "";
  const rest = ` ${toCountWords(counts.same, "file")} ${counts.same === 1 ? "is" : "are"} as listed.`;
  return `This package is not as it should be${found === "" ? "" : `: ${found}`}.${manifests}${rest}`;
}

function toDifferenceWords(counts: CheckOutcome["counts"]): string {
  const words = {
    changed: "changed",
    missing: "missing",
    unreadable: "not readable",
    added: "added",
    unchecked: "not checked",
  };
  return Object.entries(words)
    .map(([verdict, word]) => [counts[verdict as Verdict], word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word], place) => `${place === 0 ? toCountWords(count, "file") : toGroupedDigits(count)} ${word}`)
    .join(", ");
}

/** Where a package was found. */
export interface CheckedPlace {
  /** As it is called where it was chosen. */
  readonly folder: string;
  /** How many files were chosen with it that lie outside. */
  readonly besideCount: number;
}

/** Tells what the check did, a sentence each. */
export function toCheckedWords(
  { counts, bytes, files }: CheckOutcome,
  { folder, besideCount }: CheckedPlace,
): readonly string[] {
  const compared = counts.same + counts.changed;
  const manifest = files.find(({ path }) => path === MANIFEST_NAME)?.verdict;
  const isBound = manifest === "same" || manifest === "changed";
  const beside =
    besideCount === 0
      ? ""
      : ` ${toCountWords(besideCount, "file")} outside it ${besideCount === 1 ? "was" : "were"} not looked at.`;
  return [
    `The folder ${folder}.${beside}`,
    `${toCountWords(compared, "file")}, ${toByteWords(bytes)}, read to the end; the SHA-256 checksum of each was computed and compared with the one in ${MANIFEST_NAME} or ${TAG_MANIFEST_NAME}.`,
    ...(isBound ? [`${MANIFEST_NAME} was compared with the checksum of it that this page was made with.`] : []),
    "Every file that the browser found in the folder was looked for in the lists. Empty folders are not seen.",
  ];
}

/** Tells what the check cannot show, a sentence each. */
export function toUncheckedWords({ signed, stamped }: CheckFacts): readonly string[] {
  return [
    signed === null
      ? "There is no signature to check: this page says that the package was made without one."
      : `The signature, ${signed.file}, was not checked. It should be by the key ${signed.fingerprint}, which you must compare with what the sender told you another way.`,
    stamped === null
      ? "There is no time stamp to check: this page says that the package was made without one."
      : `The time stamp, ${stamped.file}, was not checked. It should be from ${stamped.authority}.`,
    "The SHA-512 checksums in manifest-sha512.txt and tagmanifest-sha512.txt were not computed.",
    `Whoever changes files can change the lists and this page with them. The checksum below, compared with one that the sender told you another way, shows whether that happened${signed === null ? "" : "; so does the signature, checked with a key that you know to be the sender’s"}.`,
    "That files are as listed says nothing about the time before the package was made.",
    "README.txt tells how to check all of this with other programs.",
  ];
}
