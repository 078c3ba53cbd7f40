import { stat } from "node:fs/promises";
import { join } from "node:path";
import { parseSha256 } from "../src/core/digest.ts";
import type { LedgerEvent } from "../src/core/ledger-event.ts";
import { Ledger } from "../src/ledger/ledger.ts";
import { generateSigningKey, toOpenSshPrivateKey } from "../src/signing/signing-key.ts";

const ARCHIVE_ID = "bench";
const EVENTS_A_CALL = 10_000;
const EVENTS_A_HOLD = 10_000;
const DIGESTS = { original: parseSha256("ab".repeat(32)), sidecar: parseSha256("cd".repeat(32)) };

/** A ledger on disk, signed at its end. */
export interface MadeLedger {
  readonly folder: string;
  readonly eventsPath: string;
  /** All of them, with the one that it begins with. */
  readonly events: number;
  readonly holds: number;
  readonly sizeBytes: number;
  /** What signs it, as a private key of OpenSSH. */
  readonly keyText: string;
}

/** Writes a ledger of so many events, of which one in ten thousand is a hold. */
export async function makeLedger(folder: string, events: number): Promise<MadeLedger> {
  const key = generateSigningKey();
  const clock = { now: () => Date.UTC(2026, 0, 1) };
  const ledger = await Ledger.open(folder, {
    archiveId: ARCHIVE_ID,
    key,
    actor: "bench",
    run: "made",
    clock,
    create: true,
  });
  let holds = 0;
  while (ledger.size < events) {
    const count = Math.min(EVENTS_A_CALL, events - ledger.size);
    const batch = Array.from({ length: count }, (_, index) => toEvent(ledger.size + index));
    holds += batch.filter(({ type }) => type === "held").length;
    await ledger.append(batch);
  }
  await ledger.checkpoint();
  await ledger.close();
  const eventsPath = join(folder, "events.ndjson");
  return {
    folder,
    eventsPath,
    events,
    holds,
    sizeBytes: (await stat(eventsPath)).size,
    keyText: toOpenSshPrivateKey(key, "bench"),
  };
}

function toEvent(seq: number): LedgerEvent {
  if (seq % EVENTS_A_HOLD === 1)
    return { type: "held", subject: `case_${seq}`, detail: { recordings: [`rec_${seq}`] } };
  return {
    type: "fetched",
    subject: `rec_${seq}`,
    digests: DIGESTS,
    detail: { sizeBytes: 480_000, evidence: "vendor-digest" },
  };
}
