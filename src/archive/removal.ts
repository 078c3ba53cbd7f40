import type { Catalogue } from "../catalogue/catalogue.ts";
import type { ArchivedFile } from "../core/archived-file.ts";
import type { LedgerEvent } from "../core/ledger-event.ts";
import type { Storage } from "../storage/storage.ts";
import { toPendingNote } from "./pending-note.ts";
import { type LocatedSidecar, toBytesOnDisk, toPromisedFiles, toTextDigest } from "./sidecar.ts";
import { writeText } from "./text-files.ts";
import type { ToldLedger } from "./told-ledger.ts";
import { type LocatedTombstone, type Removal, toRemovedRecording, toTombstone, toTombstoneText } from "./tombstone.ts";

/** What a recording is removed from, and what is told of it. */
export interface RemovalPorts {
  readonly storage: Storage;
  readonly catalogue: Catalogue;
  readonly ledger: ToldLedger;
}

/**
 * Removes a recording's audio and leaves a tombstone in place of its sidecar. First the catalogue notes the tombstone, then it
 * stands there, then the audio goes, then the ledger is told: whatever a crash leaves, opening the archive goes on from the
 * note. Whoever calls has made sure that nothing stands against it.
 */
export async function removeRecording(
  located: LocatedSidecar,
  removal: Removal,
  ports: RemovalPorts,
): Promise<LocatedTombstone> {
  const { key, sidecar } = located;
  const tombstone = toTombstone(located, removal);
  const text = toTombstoneText(tombstone);
  const { recordingId, original } = sidecar;
  const originalSha256 = toBytesOnDisk(original).sha256;
  const record = { recordingId, key, sha256: toTextDigest(text), originalSha256, isKeyInSidecar: false };
  await ports.catalogue.intend([toPendingNote(record, ports.ledger)]);
  await writeText(ports.storage, key, text);
  await finishRemoval({ key, tombstone }, { text, files: toPromisedFiles(located), isTold: false }, ports);
  return { key, tombstone };
}

/** What is left to do when the tombstone stands there. */
export interface UnfinishedRemoval {
  readonly text: string;
  /** The files that the recording had, or still has. */
  readonly files: readonly Pick<ArchivedFile, "key">[];
  /** Whether the ledger has the event already. */
  readonly isTold: boolean;
}

/** Does what is left of a removal. Idempotent. */
export async function finishRemoval(
  located: LocatedTombstone,
  { text, files, isTold }: UnfinishedRemoval,
  { storage, catalogue, ledger }: RemovalPorts,
): Promise<void> {
  await storage.remove(files.map(({ key }) => key).filter((key) => key !== located.key));
  if (!isTold) await ledger.append([toRemovedEvent(located, text)]);
  await catalogue.put([toRemovedRecording(located, text)]);
}

/** The digest of the tombstone is that of what stands where the sidecar did. */
function toRemovedEvent({ tombstone }: LocatedTombstone, text: string): LedgerEvent {
  const { recordingId, original, reason } = tombstone;
  return {
    type: "removed",
    subject: recordingId,
    digests: { original: original.sha256, sidecar: toTextDigest(text) },
    detail: { reason, sizeBytes: original.sizeBytes },
  };
}
