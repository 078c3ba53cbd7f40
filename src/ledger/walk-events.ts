import type { Finding } from "../core/finding.ts";
import type { LedgerEntry } from "../core/ledger-event.ts";
import { MAX_LINE_BYTES, tryParseEntryLine } from "./entry-line.ts";
import { LedgerPastReader } from "./ledger-past.ts";
import { CompactTree } from "./merkle/compact-tree.ts";
import { hashLeaf } from "./merkle/tree-hash.ts";
import { type LedgerLine, readLedgerLines } from "./read-ledger-lines.ts";

/** More of them say no more, and memory must stay bounded. */
const MOST_FINDINGS = 100;

/** What {@link walkEvents} is to look out for. */
export interface WalkOptions {
  /** The numbers of events after which the root is wanted. */
  readonly sizes: readonly number[];
  /** Whether another process may be writing: half a line at the end is then nothing to tell of. @default false */
  readonly isGrowing?: boolean | undefined;
  readonly onEntry?: ((entry: LedgerEntry) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The tree's head after some events, and where the next one begins. */
export interface Waypoint {
  readonly root: Buffer;
  readonly endByte: number;
}

/** A key that the ledger itself names. */
export interface NamedKey {
  readonly seq: number;
  readonly verifierKey: string;
}

/** What was seen on the way. */
export interface Walk {
  /** How many whole lines there are. */
  readonly size: number;
  /** By the number of events. */
  readonly waypoints: ReadonlyMap<number, Waypoint>;
  readonly namedKeys: readonly NamedKey[];
  readonly past: LedgerPastReader;
  readonly findings: readonly Finding[];
}

/**
 * Reads all events once, computes the tree over their lines as they are, and notes what no run of this program leaves behind.
 *
 * @throws {NotFoundError} there are none.
 */
export async function walkEvents(path: string, { sizes, isGrowing, onEntry, signal }: WalkOptions): Promise<Walk> {
  const wanted = new Set(sizes);
  const tree = new CompactTree();
  const order = new OrderCheck(path);
  const waypoints = new Map<number, Waypoint>();
  const namedKeys: NamedKey[] = [];
  const past = new LedgerPastReader();
  for await (const lines of readLedgerLines(path, undefined, signal)) {
    for (const line of lines) {
      const isHalf = !line.isWhole && line.bytes.length <= MAX_LINE_BYTES;
      if (isHalf && isGrowing === true) continue;
      const entry = order.see(line);
      if (isHalf) continue;
      tree.append(hashLeaf(line.bytes));
      if (wanted.has(tree.size)) {
        waypoints.set(tree.size, { root: tree.root(), endByte: line.byteOffset + line.bytes.length + 1 });
      }
      if (entry === undefined) continue;
      const verifierKey = toNamedKey(entry);
      if (verifierKey !== undefined) namedKeys.push({ seq: tree.size - 1, verifierKey });
      past.see(entry, tree.size - 1);
      onEntry?.(entry);
    }
  }
  return { size: tree.size, waypoints, namedKeys, past, findings: order.findings() };
}

function toNamedKey({ type, detail }: LedgerEntry): string | undefined {
  const verifierKey = type === "ledger-begun" || type === "key-changed" ? detail?.["verifierKey"] : undefined;
  return typeof verifierKey === "string" ? verifierKey : undefined;
}

/** Holds each line against the number that must follow, and keeps the first findings. */
class OrderCheck {
  readonly #path: string;
  readonly #findings: Finding[] = [];
  #unlisted = 0;
  #nextSeq = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Gives the line's event, if it is one. */
  see({ bytes, byteOffset, isWhole }: LedgerLine): LedgerEntry | undefined {
    const entry = isWhole ? tryParseEntryLine(bytes) : undefined;
    const expected = this.#nextSeq;
    if (entry === undefined) {
      this.#add(isWhole ? `no event stands where event ${expected} must be` : toHalfLine(bytes, expected), byteOffset);
      this.#nextSeq += 1;
      return undefined;
    }
    if (entry.seq > expected) this.#add(toGap(expected, entry.seq), byteOffset, { expected, found: entry.seq });
    if (entry.seq < expected) {
      const message = `event ${entry.seq} stands behind event ${expected - 1}: it was moved or added`;
      this.#add(message, byteOffset, { expected, found: entry.seq });
    }
    this.#nextSeq = Math.max(expected, entry.seq + 1);
    return entry;
  }

  findings(): readonly Finding[] {
    if (this.#unlisted > 0) this.#findings.push(this.#toFinding(`${this.#unlisted} more lines are not in order`, {}));
    return this.#findings;
  }

  #add(message: string, byteOffset: number, detail: Finding["detail"] = {}): void {
    if (this.#findings.length >= MOST_FINDINGS) this.#unlisted += 1;
    else this.#findings.push(this.#toFinding(message, { ...detail, byteOffset }));
  }

  #toFinding(message: string, detail: Finding["detail"]): Finding {
    return { kind: "ledger-broken", subject: this.#path, message, detail };
  }
}

function toHalfLine({ length }: Buffer, expected: number): string {
  return length > MAX_LINE_BYTES
    ? `a line longer than any event stands where event ${expected} must be`
    : `half a line stands at the end, where event ${expected} would be; the next command that opens the archive cuts it off`;
}

function toGap(expected: number, found: number): string {
  const gone = found - expected === 1 ? `event ${expected} is` : `events ${expected} to ${found - 1} are`;
  return `${gone} not in place: event ${found} stands there`;
}
