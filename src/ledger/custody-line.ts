import { tryParseJson } from "../core/try-parse-json.ts";
import { tryDecodeBase64 } from "../signing/base64.ts";
import { MAX_LINE_BYTES } from "./entry-line.ts";
import { HASH_BYTES } from "./merkle/tree-hash.ts";
import { isSize } from "./merkle/tree-shape.ts";

/** Of an event that is written as text in JSON, every byte can take two; behind it stand at most 53 hashes. */
export const MAX_CUSTODY_LINE_BYTES = 2 * MAX_LINE_BYTES + 4096;

const MAX_PROOF_HASHES = 53;
const MAX_REASON_LENGTH = 200;

/** Why nothing is told of an event but that it is there. */
export type Withholding = "another case" | "may name others" | "replaces a broken ledger" | "unknown type";

/** An event of a ledger, and the hashes that lead from it to a checkpoint's root, lowest first. */
export type CustodyLine = {
  /** Its place in the ledger. */
  readonly index: number;
  readonly proof: readonly Buffer[];
} & (
  | { readonly event: string }
  /** An event that is there, and of which nothing is told; nothing proves the word that says why. */
  | { readonly leafHash: Buffer; readonly withheld: string }
);

/** Writes a line of `custody.jsonl`, with its line feed; equal things have equal lines. */
export function toCustodyText(line: CustodyLine): string {
  const { index } = line;
  const proof = line.proof.map((hash) => hash.toString("base64"));
  const fields =
    "event" in line
      ? { index, event: line.event, proof }
      : { index, leafHash: line.leafHash.toString("base64"), withheld: line.withheld, proof };
  return `${JSON.stringify(fields)}\n`;
}

/** Reads what {@link toCustodyText} writes, without the line feed; undefined for what it would have written otherwise. */
export function tryParseCustodyText(text: string): CustodyLine | undefined {
  const value = tryParseJson(text);
  if (typeof value !== "object" || value === null) return undefined;
  const { index, event, leafHash, withheld, proof } = value as Record<string, unknown>;
  const hashes = tryParseProof(proof);
  const told = typeof event === "string" ? { event } : tryToWithheld(leafHash, withheld);
  if (typeof index !== "number" || !isSize(index) || hashes === undefined || told === undefined) return undefined;
  const line = { index, proof: hashes, ...told };
  // Two readers could take a line with a key twice, or of another form, for different things.
  return toCustodyText(line) === `${text}\n` ? line : undefined;
}

function tryToWithheld(leafHash: unknown, withheld: unknown) {
  const hash = tryParseHash(leafHash);
  if (hash === undefined || typeof withheld !== "string") return undefined;
  return withheld.length > MAX_REASON_LENGTH ? undefined : { leafHash: hash, withheld };
}

function tryParseProof(value: unknown): readonly Buffer[] | undefined {
  if (!Array.isArray(value) || value.length > MAX_PROOF_HASHES) return undefined;
  const hashes = value.map(tryParseHash).filter((hash) => hash !== undefined);
  return hashes.length === value.length ? hashes : undefined;
}

function tryParseHash(value: unknown): Buffer | undefined {
  const hash = typeof value === "string" ? tryDecodeBase64(value) : undefined;
  return hash?.length === HASH_BYTES ? hash : undefined;
}
