import type { FindingKind } from "../core/finding.ts";

/** What is wrong with a bag beside its files: a kind of finding, or nothing that a reader must act on. */
export type BagGrade =
  | "remark"
  | Extract<FindingKind, "not-conforming" | "manifest-invalid" | "unsafe-path" | "checksum-unverifiable">;

/** Something to be said of a bag itself. */
export interface BagNote {
  readonly grade: BagGrade;
  /** The tag file, or folder, that it is about, relative to the bag. */
  readonly subject: string;
  readonly message: string;
}

/** What is noted while a bag is read. */
export interface NewBagNote extends BagNote {
  /** What it holds for, such as a path or a line; notes that differ in nothing else become one. */
  readonly example?: string;
}

interface Group {
  readonly note: BagNote;
  readonly examples: string[];
  count: number;
}

const MAX_EXAMPLES = 3;
/** A name in a list may be of any length. */
const MAX_EXAMPLE_LENGTH = 300;

/** Gathers notes, so that a hundred thousand lines with one fault are told of once, with the first few. */
export class BagNotes {
  readonly #groups = new Map<string, Group>();

  add({ example, ...note }: NewBagNote): void {
    const key = `${note.grade}\n${note.subject}\n${note.message}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { note, examples: [], count: 0 };
      this.#groups.set(key, group);
    }
    group.count += 1;
    if (example !== undefined && group.examples.length < MAX_EXAMPLES) {
      group.examples.push(example.length > MAX_EXAMPLE_LENGTH ? `${example.slice(0, MAX_EXAMPLE_LENGTH)}...` : example);
    }
  }

  /** Gives the notes in the order in which each was first made. */
  toNotes(): readonly BagNote[] {
    return [...this.#groups.values()].map(({ note, examples, count }) => {
      if (examples.length === 0) return note;
      const rest = count - examples.length;
      const more = rest === 0 ? "" : ` and ${rest} more`;
      return { ...note, message: `${note.message}: ${examples.join(", ")}${more}` };
    });
  }
}
