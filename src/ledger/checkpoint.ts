import { openNote } from "../signing/note.ts";
import type { Problem } from "../signing/problem.ts";
import type { Verifier } from "../signing/verifier-key.ts";
import { HASH_BYTES } from "./merkle/tree-hash.ts";

/** A ledger's tree head. */
export interface Checkpoint {
  readonly origin: string;
  /** How many events it covers. */
  readonly size: number;
  /** The Merkle root over them, 32 bytes. */
  readonly root: Buffer;
}

/** A tree head as it was signed. */
export interface SignedCheckpoint extends Checkpoint {
  /** The whole signed note. */
  readonly note: string;
}

/**
 * Writes a tree head as the text of a note.
 *
 * @see https://c2sp.org/tlog-checkpoint, Note text
 */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString("base64")}\n`;
}

/**
 * Reads a tree head off the text of a note; lines that extend it are passed over.
 *
 * @returns undefined when it is none.
 * @see https://c2sp.org/tlog-checkpoint, Note text
 */
export function tryParseCheckpoint(text: string): Checkpoint | undefined {
  const match = /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*$/.exec(text);
  if (match === null) return undefined;
  const [, origin = "", sizeText = "", rootText = ""] = match;
  const [size, root] = [Number(sizeText), Buffer.from(rootText, "base64")];
  // The last character may hold bits that no byte takes; they must be zero, or one root had several texts.
  const isCanonical = root.length === HASH_BYTES && root.toString("base64") === rootText;
  return Number.isSafeInteger(size) && isCanonical ? { origin, size, root } : undefined;
}

/**
 * Reads a tree head off a signed note, whoever has signed it: the signature is not looked at.
 *
 * @see https://c2sp.org/signed-note, Format
 */
export function tryParseSignedCheckpoint(note: string): SignedCheckpoint | undefined {
  const end = note.lastIndexOf("\n\n— ");
  const checkpoint = end < 0 || !note.endsWith("\n") ? undefined : tryParseCheckpoint(note.slice(0, end + 1));
  return checkpoint === undefined ? undefined : { ...checkpoint, note };
}

/** Reads a checkpoint that one of the verifiers has signed. */
export function openCheckpoint(note: string, verifiers: readonly Verifier[]): SignedCheckpoint | Problem {
  const opened = openNote(note, verifiers);
  if ("problem" in opened) return opened;
  const checkpoint = tryParseCheckpoint(opened.text);
  if (checkpoint === undefined) return { problem: "it is signed, but is no checkpoint" };
  return opened.signedBy.includes(checkpoint.origin)
    ? { ...checkpoint, note }
    : { problem: `it is signed, but is of another ledger: ${checkpoint.origin}` };
}
