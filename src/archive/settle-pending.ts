import type { Catalogue, PendingSidecar } from "../catalogue/catalogue.ts";
import type { Sha256Hex } from "../core/digest.ts";
import type { RecordingId } from "../core/recording-id.ts";
import { hashChunks } from "../io/hash-chunks.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Storage } from "../storage/storage.ts";
import { toOriginalKeys } from "./archive-key.ts";
import { toStoreEvent } from "./change-events.ts";
import { HoldBook, type HoldSubject } from "./hold-book.ts";
import { findTold, isOwnNote } from "./pending-note.ts";
import { finishRemoval } from "./removal.ts";
import { parseSidecar, toCatalogueRecording, toTextDigest } from "./sidecar.ts";
import { readText } from "./text-files.ts";
import { isTombstoneText, parseTombstone } from "./tombstone.ts";

/** What a crash can leave half written. */
export interface SettlePorts {
  readonly storage: Storage;
  readonly catalogue: Catalogue;
  readonly ledger: Ledger;
}

/**
 * Finishes the stores that a crash cut short between the sidecar and its catalogue row; the ledger is told, unless it was
 * before the crash.
 *
 * @returns of those whose sidecar was never written, what the original beside it must be.
 */
export async function settlePending(ports: SettlePorts): Promise<ReadonlyMap<RecordingId, Sha256Hex>> {
  const unsettled = new Map<RecordingId, Sha256Hex>();
  for (const note of await ports.catalogue.pending()) {
    // Somebody else's word makes nothing ours: what stands there is judged as it is.
    if (!isOwnNote(note, ports.ledger)) await ports.catalogue.drop(note.recordingId);
    else if ((await ports.storage.stat(note.key)) !== undefined) await settle(note, ports);
    else if (note.isKeyInSidecar) await removeUnreadable(note, ports);
    else unsettled.set(note.recordingId, note.originalSha256);
  }
  return unsettled;
}

/** What is not the text that was to be written was there before, and stays what it was. */
async function settle(note: PendingSidecar, ports: SettlePorts): Promise<void> {
  const { recordingId, key, sha256 } = note;
  const { storage, catalogue, ledger } = ports;
  const text = await readText(storage, key);
  if (toTextDigest(text) !== sha256) {
    return (await isOlder(note, text, ports)) ? removeUnreadable(note, ports) : catalogue.drop(recordingId);
  }
  const told = await findTold(note, ledger);
  if (told === "another") return catalogue.drop(recordingId);
  const isTold = told === "this";
  if (isTombstoneText(text)) {
    const known = await catalogue.find(recordingId);
    const files = known?.files ?? [];
    if (!isTold && (await isHeld(known ?? { recordingId }, ledger))) return catalogue.drop(recordingId);
    return finishRemoval({ key, tombstone: parseTombstone(key, text) }, { text, files, isTold }, ports);
  }
  const located = { key, sidecar: parseSidecar(key, text) };
  if (!isTold) await ledger.append([toStoreEvent(located, { type: "settled", detail: {} }, sha256)]);
  await catalogue.put([toCatalogueRecording(located, text)]);
}

/** A removal begins only where no hold is, and holds are added behind this: what wants to go on in spite of one was never begun by us. */
async function isHeld(subject: HoldSubject, ledger: Ledger): Promise<boolean> {
  return (await HoldBook.load(ledger)).catching(subject).length > 0;
}

/** Tells whether the sidecar that stands there is the one from before an encrypted original came back, which it does not know. */
async function isOlder({ recordingId, isKeyInSidecar }: PendingSidecar, text: string, { catalogue }: SettlePorts) {
  if (!isKeyInSidecar) return false;
  const known = await catalogue.find(recordingId);
  return known?.files.find(({ role }) => role === "sidecar")?.sha256 === toTextDigest(text);
}

/**
 * Removes an encrypted original that stands there without the sidecar that was to speak of it: the key went with the run that
 * was killed. Only the very bytes that were noted are taken for it; the next fetch brings the recording anew.
 */
async function removeUnreadable(note: PendingSidecar, { storage, catalogue }: SettlePorts): Promise<void> {
  for (const key of toOriginalKeys(note.key)) {
    if (!(await storage.stat(key))?.isRegular) continue;
    const { sha256 } = await hashChunks(storage.read(key));
    if (sha256 === note.originalSha256) await storage.remove([key]);
  }
  await catalogue.drop(note.recordingId);
}
