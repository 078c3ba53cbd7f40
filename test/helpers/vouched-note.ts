import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type PendingRecord, toPendingNote } from "../../src/archive/pending-note.ts";
import type { PendingSidecar } from "../../src/catalogue/catalogue.ts";
import { toOpenTestLedger } from "./test-custodian.ts";

/** Makes the note that a run leaves in the archive at a folder when it is killed before the record has its row. */
export async function makeVouchedNote(root: string, record: PendingRecord): Promise<PendingSidecar> {
  const { archiveId } = JSON.parse(await readFile(join(root, "holdfast.json"), "utf8"));
  const ledger = await toOpenTestLedger(root)(archiveId, { create: false });
  if (!("vouch" in ledger)) throw new Error("the ledger is lost");
  try {
    return toPendingNote(record, ledger);
  } finally {
    await ledger.close();
  }
}
