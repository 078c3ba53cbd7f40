import type { Finding } from "../core/finding.ts";
import type { LedgerEntry } from "../core/ledger-event.ts";
import { tryParseJson } from "../core/try-parse-json.ts";
import type { PublicKey } from "../signing/public-key.ts";
import { tryParseVerifierKey, type Verifier } from "../signing/verifier-key.ts";
import { openCheckpoint, type SignedCheckpoint, tryParseSignedCheckpoint } from "./checkpoint.ts";
import { type CustodyLine, MAX_CUSTODY_LINE_BYTES, tryParseCustodyText } from "./custody-line.ts";
import { cutLines } from "./custody-lines.ts";
import { tryParseEntryLine } from "./entry-line.ts";
import { verifyInclusion } from "./merkle/inclusion-proof.ts";
import { hashLeaf } from "./merkle/tree-hash.ts";

/** More of them say no more, and memory must stay bounded. */
const MOST_FINDINGS = 100;

/** What an extract of a ledger is held against. */
export interface VerifyCustodyOptions {
  /** The extract's name in findings. */
  readonly path: string;
  /** The signed note to whose root the proofs must lead, and its name in findings. */
  readonly checkpoint: { readonly path: string; readonly note: string };
  /** The checkpoint must be signed by it; without one, `verifierKey` is believed. */
  readonly publicKey: PublicKey | undefined;
  /** What the package names as the ledger's key, `name+hash+key`. */
  readonly verifierKey: string;
  /** Is called, in order, with every event that leads to the checkpoint's root, whoever has signed that. */
  readonly onEvent?: ((entry: LedgerEntry) => void) | undefined;
}

/** What is known of an extract that was read from beginning to end. */
export interface CustodyVerification {
  /** The checkpoint as it stands there; undefined when it is none, and then nothing was read. */
  readonly checkpoint: SignedCheckpoint | undefined;
  /** How many events are told and lead to its root. */
  readonly events: number;
  /** Of how many it is only shown that something is there. */
  readonly withheld: number;
  /** Whose key was believed: one that was given, or the one that the package names, which whoever made the package could choose. */
  readonly trust: "given-key" | "key-in-package";
  readonly findings: readonly Finding[];
}

/**
 * Holds an extract of a ledger against its checkpoint, and that against a key. That nothing was left out between its lines
 * cannot be seen in an extract. Memory does not grow with the number of lines.
 *
 * @param chunks - The bytes of `custody.jsonl`; whatever they are, the answer is findings.
 * @throws what `chunks` throws.
 */
export async function verifyCustody(
  chunks: AsyncIterable<Uint8Array>,
  { path, checkpoint: { path: checkpointPath, note }, publicKey, verifierKey, onEvent }: VerifyCustodyOptions,
): Promise<CustodyVerification> {
  const trust = publicKey === undefined ? "key-in-package" : "given-key";
  const checkpoint = tryParseSignedCheckpoint(note);
  if (checkpoint === undefined) {
    const message = "it is no checkpoint of a ledger: no event was held against it";
    const findings: readonly Finding[] = [{ kind: "ledger-broken", subject: checkpointPath, message, detail: {} }];
    return { checkpoint, events: 0, withheld: 0, trust, findings };
  }
  const signed = findSignatureProblem(checkpoint, publicKey, tryParseVerifierKey(verifierKey));
  const check = new CustodyCheck(path, checkpoint, onEvent);
  for await (const text of cutLines(chunks, MAX_CUSTODY_LINE_BYTES)) check.see(text);
  const unsigned: readonly Finding[] =
    signed === undefined ? [] : [{ kind: "signature-invalid", subject: checkpointPath, message: signed, detail: {} }];
  return { checkpoint, ...check.counts, trust, findings: [...unsigned, ...check.findings()] };
}

function findSignatureProblem(
  { origin, size, note }: SignedCheckpoint,
  publicKey: PublicKey | undefined,
  named: Verifier | undefined,
): string | undefined {
  if (named === undefined) return "what the package names as the ledger's key is no such key";
  if (named.name !== origin) return `it is of another ledger than the key that the package names: ${origin}`;
  const opened = openCheckpoint(note, [publicKey === undefined ? named : { name: origin, publicKey }]);
  return "problem" in opened ? `the checkpoint of ${size} events proves nothing: ${opened.problem}` : undefined;
}

type Fault = Pick<Finding, "kind" | "message">;

/** Looks at the lines of an extract in their order. */
class CustodyCheck {
  readonly #path: string;
  readonly #checkpoint: SignedCheckpoint;
  readonly #onEvent: VerifyCustodyOptions["onEvent"];
  readonly #findings: Finding[] = [];
  readonly #counts = { events: 0, withheld: 0 };
  #unlisted = 0;
  #line = 0;
  #before = -1;

  constructor(path: string, checkpoint: SignedCheckpoint, onEvent: VerifyCustodyOptions["onEvent"]) {
    this.#path = path;
    this.#checkpoint = checkpoint;
    this.#onEvent = onEvent;
  }

  get counts(): Pick<CustodyVerification, "events" | "withheld"> {
    return this.#counts;
  }

  see(text: string | undefined): void {
    this.#line += 1;
    const fault = this.#take(text);
    if (fault === undefined) return;
    if (this.#findings.length >= MOST_FINDINGS) this.#unlisted += 1;
    else this.#findings.push(this.#toFinding(fault));
  }

  findings(): readonly Finding[] {
    if (this.#unlisted === 0) return this.#findings;
    return [...this.#findings, this.#toFinding(toBrokenFault(`${this.#unlisted} more lines are not right`))];
  }

  #take(text: string | undefined): Fault | undefined {
    const line = text === undefined ? undefined : tryParseCustodyText(text);
    if (line === undefined) {
      return { kind: "manifest-invalid", message: `line ${this.#line} is not one of an extract of a ledger` };
    }
    const { index } = line;
    const before = this.#before;
    if (index <= before) {
      return toBrokenFault(`event ${index} stands behind event ${before}: it was moved, or is there twice`);
    }
    this.#before = index;
    if (!this.#isProven(line)) {
      const { size } = this.#checkpoint;
      return toBrokenFault(
        `event ${index} is not in the ledger: its proof does not lead to the root over ${size} events`,
      );
    }
    if ("event" in line) return this.#takeEvent(index, line.event);
    this.#counts.withheld += 1;
    return undefined;
  }

  #takeEvent(index: number, text: string): Fault | undefined {
    const entry = tryParseEvent(text);
    if (entry?.seq !== index) return toBrokenFault(`what the ledger has as event ${index} is no event of that number`);
    const { origin } = this.#checkpoint;
    if (entry.type === "ledger-begun" && entry.detail?.["origin"] !== origin) {
      return toBrokenFault(`event ${index} begins another ledger than that of the checkpoint`);
    }
    this.#counts.events += 1;
    this.#onEvent?.(entry);
    return undefined;
  }

  #isProven(line: CustodyLine): boolean {
    const { size, root } = this.#checkpoint;
    const { index: seq, proof } = line;
    const leafHash = "event" in line ? hashLeaf(Buffer.from(line.event)) : line.leafHash;
    return verifyInclusion({ seq, size, leafHash, proof, root });
  }

  #toFinding({ kind, message }: Fault): Finding {
    return { kind, subject: this.#path, message, detail: {} };
  }
}

function toBrokenFault(message: string): Fault {
  return { kind: "ledger-broken", message };
}

/** Reads an event as it stands in a ledger; of what says the same thing twice, two readers could see two things. */
function tryParseEvent(text: string): LedgerEntry | undefined {
  return isCanonical(text) ? tryParseEntryLine(Buffer.from(text)) : undefined;
}

function isCanonical(text: string): boolean {
  try {
    return JSON.stringify(tryParseJson(text)) === text;
  } catch {
    return false; // So deep that it cannot be written again.
  }
}
