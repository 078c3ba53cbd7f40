import type { LedgerEntry, LedgerEvent } from "../../../src/core/ledger-event.ts";
import type { SignedCheckpoint } from "../../../src/ledger/checkpoint.ts";
import type { CustodyScope } from "../../../src/ledger/custody-disclosure.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { type CustodyEvent, type ReadCustodyOptions, readCustody } from "../../../src/ledger/read-custody.ts";
import { type CustodyVerification, verifyCustody } from "../../../src/ledger/verify-custody.ts";
import type { PublicKey } from "../../../src/signing/public-key.ts";
import { toVerifierKey } from "../../../src/signing/verifier-key.ts";
import { ARCHIVE_ID, makeTestLedger, type TestLedger } from "./test-ledger.ts";

const ORIGIN = `holdfast/ledger/${ARCHIVE_ID}`;

/** Two recordings of two calls, in the matter of a package. */
export const SCOPE: CustodyScope = {
  case: "Ada v. Bob",
  recordingIds: new Set(["rec_ada", "rec_bob"]),
  callIds: new Set(["call_ada", "call_bob"]),
  holds: new Set(),
};

/** An extract, and what it was made of. */
export interface TestCustody {
  readonly rig: TestLedger;
  readonly checkpoint: SignedCheckpoint;
  readonly verifierKey: string;
  /** With their line feeds. */
  readonly texts: readonly string[];
  readonly entries: readonly (LedgerEntry | undefined)[];
}

/** Makes a ledger of events behind its first one, signs it, and extracts what concerns a scope. */
export async function extractCustody(
  events: readonly LedgerEvent[],
  scope: Partial<CustodyScope> = {},
): Promise<TestCustody> {
  const rig = await makeTestLedger();
  await rig.run(events);
  const ledger = await rig.open();
  const checkpoint = ledger.newestCheckpoint();
  if (checkpoint === undefined) throw new Error("the ledger was not signed");
  const told = await extract(ledger, { ...SCOPE, ...scope, checkpoint }).finally(() => ledger.close());
  return {
    rig,
    checkpoint,
    verifierKey: toVerifierKey(ORIGIN, rig.key.publicKey),
    texts: told.map(({ text }) => text),
    entries: told.map(({ entry }) => entry),
  };
}

/** Reads an extract to its end. */
export async function extract(ledger: Ledger, options: ReadCustodyOptions): Promise<readonly CustodyEvent[]> {
  const told: CustodyEvent[] = [];
  for await (const event of readCustody(ledger, options)) told.push(event);
  return told;
}

/** What an extract is checked with, where it is not its own. */
export interface CustodyChanges {
  readonly texts?: readonly string[];
  readonly chunks?: AsyncIterable<Uint8Array>;
  readonly note?: string;
  readonly publicKey?: PublicKey;
  readonly verifierKey?: string;
  readonly onEvent?: (entry: LedgerEntry) => void;
}

export function checkCustody(custody: TestCustody, changes: CustodyChanges = {}): Promise<CustodyVerification> {
  const { texts = custody.texts, note = custody.checkpoint.note, publicKey, onEvent } = changes;
  const { chunks = toChunks(texts.join("")), verifierKey = custody.verifierKey } = changes;
  const checkpoint = { path: "checkpoint.txt", note };
  return verifyCustody(chunks, { path: "custody.jsonl", checkpoint, publicKey, verifierKey, onEvent });
}

/** Gives bytes a few at a time, in one buffer again and again. */
async function* toChunks(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  const chunk = Buffer.alloc(1000);
  for (let start = 0; start < bytes.length; start += chunk.length) {
    yield chunk.subarray(0, bytes.copy(chunk, 0, start));
  }
}
