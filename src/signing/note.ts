import { tryDecodeBase64 } from "./base64.ts";
import type { Problem } from "./problem.ts";
import type { SigningKey } from "./signing-key.ts";
import { isKeyName, toKeyHash, type Verifier } from "./verifier-key.ts";

/** A note that was opened: who of the known keys signed it, by the keys' names. */
export interface OpenedNote {
  /** With its last line feed. */
  readonly text: string;
  readonly signedBy: readonly string[];
}

interface NoteSignature {
  readonly name: string;
  readonly hash: Buffer;
  readonly signature: Buffer;
}

const MAX_NOTE_BYTES = 1_000_000;
const MAX_SIGNATURES = 100;

/** Control characters other than the line feed, and halves of characters, which UTF-8 cannot write. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN = /[\0-\x09\x0b-\x1f\p{Surrogate}]/u;

/**
 * Signs a text as a note of one signature.
 *
 * @param text - Ends with a line feed and has no other control characters.
 * @see https://c2sp.org/signed-note
 */
export function signNote(text: string, { name, key }: { readonly name: string; readonly key: SigningKey }): string {
  if (!text.endsWith("\n") || FORBIDDEN.test(text)) throw new Error("internal error: the text cannot be a note");
  if (!isKeyName(name)) throw new Error(`internal error: no name for a key: ${JSON.stringify(name)}`);
  const signature = Buffer.concat([toKeyHash(name, key.publicKey), key.sign(Buffer.from(text))]);
  return `${text}\n— ${name} ${signature.toString("base64")}\n`;
}

/**
 * Opens a note that at least one of the verifiers signed. Signatures by other keys are passed over; a wrong one by a known
 * key makes the note as a whole invalid. Never throws.
 *
 * @see https://c2sp.org/signed-note
 */
export function openNote(note: string, verifiers: readonly Verifier[]): OpenedNote | Problem {
  const parsed = parseNote(note);
  if ("problem" in parsed) return parsed;
  const { text, signatures } = parsed;
  const data = Buffer.from(text);
  const signedBy = new Set<string>();
  for (const { name, hash, signature } of signatures) {
    const known = verifiers.filter((one) => one.name === name && toKeyHash(name, one.publicKey).equals(hash));
    if (known.length === 0) continue;
    if (!known.some(({ publicKey }) => publicKey.verify(data, signature))) {
      return { problem: `the signature by ${name} is wrong` };
    }
    signedBy.add(name);
  }
  return signedBy.size === 0 ? { problem: "no known key has signed it" } : { text, signedBy: [...signedBy] };
}

function parseNote(note: string): { text: string; signatures: readonly NoteSignature[] } | Problem {
  if (Buffer.byteLength(note) > MAX_NOTE_BYTES) return { problem: `a note longer than ${MAX_NOTE_BYTES} bytes` };
  if (FORBIDDEN.test(note)) return { problem: "a note with control characters" };
  const split = note.lastIndexOf("\n\n");
  if (split === -1 || !note.endsWith("\n")) return { problem: "no note: there is no empty line before signatures" };
  const lines = note.slice(split + 2, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) return { problem: `a note with more than ${MAX_SIGNATURES} signatures` };
  const signatures = lines.map(tryParseSignature);
  const isWhole = signatures.every((signature) => signature !== undefined);
  return isWhole ? { text: note.slice(0, split + 1), signatures } : { problem: "a note with a malformed signature" };
}

function tryParseSignature(line: string): NoteSignature | undefined {
  const [, name = "", base64 = ""] = /^— (\S+) (\S+)$/.exec(line) ?? [];
  const bytes = tryDecodeBase64(base64);
  if (!isKeyName(name) || bytes === undefined || bytes.length < 5) return undefined;
  return { name, hash: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}
