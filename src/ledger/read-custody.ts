import type { LedgerEntry } from "../core/ledger-event.ts";
import type { SignedCheckpoint } from "./checkpoint.ts";
import { CustodyDisclosure, type CustodyScope, type Disclosure } from "./custody-disclosure.ts";
import { toCustodyText } from "./custody-line.ts";
import { tryParseEntryLine } from "./entry-line.ts";
import { LedgerBrokenError } from "./errors.ts";
import type { Ledger } from "./ledger.ts";
import { CompactTree } from "./merkle/compact-tree.ts";
import { hashLeaf } from "./merkle/tree-hash.ts";
import type { LedgerLine } from "./read-ledger-lines.ts";

/** What {@link readCustody} is to tell of, and against what. */
export interface ReadCustodyOptions extends CustodyScope {
  /** The proofs lead to its root; what stands behind it is left out. */
  readonly checkpoint: SignedCheckpoint;
  readonly signal?: AbortSignal | undefined;
}

/** An event of an extract. */
export interface CustodyEvent {
  /** What the extract's file has of it, with the line feed. */
  readonly text: string;
  /** Undefined where it is told only that it is there. */
  readonly entry: LedgerEntry | undefined;
}

/**
 * Reads out of a ledger what it tells of some recordings, in order, each event with its proof, and nothing of any other
 * recording. All of the ledger is read once, up to the checkpoint, and held against it: what was given is worth nothing if
 * that fails at the end. Memory does not grow with the number of events.
 *
 * @throws {LedgerBrokenError} the events are not those that the checkpoint covers.
 * @throws {StorageUnavailableError} they cannot be read.
 */
export async function* readCustody(ledger: Ledger, options: ReadCustodyOptions): AsyncGenerator<CustodyEvent> {
  const { checkpoint, signal, ...scope } = options;
  const { origin, size, root } = checkpoint;
  if (!(await ledger.includes(checkpoint)))
    throw new LedgerBrokenError(`the ledger is not that of its checkpoint: ${origin}`);
  const disclosure = new CustodyDisclosure(scope, origin);
  const tree = new CompactTree();
  for await (const lines of ledger.lines(signal)) {
    const told = lines.slice(0, size - tree.size).flatMap((line) => tryToTold(readLeaf(line, tree), disclosure));
    if (told.length > 0) yield* withProofs(told, await ledger.proveLeaves(told, size));
    if (tree.size === size) break;
  }
  if (tree.size === size && tree.root().equals(root)) return;
  throw new LedgerBrokenError(`the events are not those that the checkpoint of ${size} events covers: ${origin}`);
}

interface SeenLeaf {
  readonly seq: number;
  readonly entry: LedgerEntry;
  readonly leafHash: Buffer;
  readonly line: Buffer;
}

interface Told extends SeenLeaf {
  readonly disclosure: Exclude<Disclosure, undefined>;
}

function readLeaf({ bytes: line, byteOffset }: LedgerLine, tree: CompactTree): SeenLeaf {
  const seq = tree.size;
  const entry = tryParseEntryLine(line);
  if (entry?.seq !== seq) throw new LedgerBrokenError(`event ${seq} is not at byte ${byteOffset} of the events`);
  const leafHash = hashLeaf(line);
  tree.append(leafHash);
  return { seq, entry, leafHash, line };
}

function tryToTold(leaf: SeenLeaf, judge: CustodyDisclosure): readonly Told[] {
  const disclosure = judge.judge(leaf.entry);
  return disclosure === undefined ? [] : [{ ...leaf, disclosure }];
}

function* withProofs(told: readonly Told[], proofs: readonly (readonly Buffer[])[]): Generator<CustodyEvent> {
  for (const [place, { seq: index, entry, leafHash, line, disclosure }] of told.entries()) {
    const proof = proofs[place] ?? [];
    yield disclosure === "whole"
      ? { text: toCustodyText({ index, event: line.toString(), proof }), entry }
      : { text: toCustodyText({ index, leafHash, withheld: disclosure, proof }), entry: undefined };
  }
}
