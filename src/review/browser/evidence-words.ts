import type { PackagedEvidence } from "../../core/packaged-recording.ts";
import type { ListedRecording } from "../page-data.ts";

/** What a grade of evidence says, in few words and in full, and what it does not. */
export interface EvidenceWords {
  readonly short: string;
  readonly shows: string;
  readonly leavesOpen: string;
}

/** What a recording's line has of its evidence. */
type GradedRecording = Pick<ListedRecording, "grade" | "isMessageUnchecked">;

const GRADES: Readonly<Record<string, EvidenceWords>> = {
  "vendor-digest": {
    short: "vendor's digest",
    shows: "When it was fetched, the file had the SHA-256 digest that was named for it as the vendor's.",
    leavesOpen: "Whether what the vendor had recorded is what was said.",
  },
  "http-digest": {
    short: "server's digest",
    shows:
      "When it was fetched, the file had the SHA-256 digest that the server sent with it: nothing was changed on the way.",
    leavesOpen: "Whether the server had the right file.",
  },
  "two-reads": {
    short: "two readings",
    shows: "It was fetched twice over separate connections, and both times it was the same.",
    leavesOpen: "Whether the server had the right file.",
  },
  "size-only": {
    short: "size only",
    shows: "When it was fetched, the file had as many bytes as the vendor stated.",
    leavesOpen: "Whether any of these bytes had been changed: there was no digest that proves something.",
  },
  none: {
    short: "none",
    shows: "Nothing: when it was fetched, there was neither a digest that proves something nor a size to compare with.",
    leavesOpen: "Whether the file is what the vendor had.",
  },
};

const NOT_ARCHIVED: EvidenceWords = {
  short: "not archived",
  shows: "Nothing: the file was put into this package from a folder. No archive knows where it came from.",
  leavesOpen: "Where it came from, and what was done to it before.",
};

/** Says what a grade means. One that this page does not know is named, and nothing is said of it. */
export function toEvidenceWords({ grade, isMessageUnchecked }: GradedRecording): EvidenceWords {
  if (grade === null) return NOT_ARCHIVED;
  const unknown = { short: grade, shows: `This page does not know the grade “${grade}”.`, leavesOpen: "All of it." };
  const known = Object.hasOwn(GRADES, grade) ? (GRADES[grade] ?? unknown) : unknown;
  const isDoubtful = grade === "vendor-digest" && isMessageUnchecked;
  return isDoubtful ? { ...known, short: `${known.short}, its message unchecked` } : known;
}

/** Says how much the vendor's own word is worth; undefined where nothing need be said. */
export function toSignatureWords(grade: string | null, detail: PackagedEvidence["detail"] | null): string | undefined {
  if (grade !== "vendor-digest") return undefined;
  const signature = detail?.["webhookSignature"];
  if (signature === undefined) return "The digest stood in the vendor's list of recordings.";
  // Such a message proves nothing, so that the list must have named the digest too.
  if (signature === "unsigned")
    return "The digest stood in the vendor's list of recordings; a message bore no signature.";
  if (signature === "verified") return "The digest came in a message whose signature by the vendor was checked.";
  return "The digest came in a message whose signature was not checked: that it was the vendor's is not shown.";
}
