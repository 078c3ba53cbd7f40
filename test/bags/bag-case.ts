import type { FindingKind } from "../../src/core/finding.ts";
import type { BagFiles } from "./bag-files.ts";

/** A bag with what is to be said of it. */
export interface BagCase {
  /** What it is about: the section of RFC 8493, or of the draft of an older version. */
  readonly clause: string;
  readonly name: string;
  readonly files: BagFiles;
  /** Makes on the disk what is no regular file. */
  readonly arrange?: (folder: string) => Promise<void>;
  /** The kinds of findings, each once; a valid bag has none. */
  readonly kinds: readonly FindingKind[];
  /** What one of the remarks says, for a bag that is valid and yet not as it should be. */
  readonly remark?: RegExp;
  /** Why the checksum programs of GNU judge its manifests otherwise. */
  readonly unlikeCoreutils?: string;
}

/** What a case is, but for its clause. */
type CaseBody = Omit<BagCase, "clause" | "name" | "kinds" | "remark">;

/** A bag that nothing is to be said against. */
export function valid(clause: string, name: string, body: CaseBody): BagCase {
  return { clause, name, ...body, kinds: [] };
}

/** A bag that is valid, with something that its reader should know. */
export function remarked(clause: string, name: string, body: CaseBody & { readonly remark: RegExp }): BagCase {
  return { clause, name, ...body, kinds: [] };
}

/** A bag that is not valid. */
export function invalid(clause: string, name: string, body: CaseBody & Pick<BagCase, "kinds">): BagCase {
  return { clause, name, ...body };
}
