import type { ArchivedFile } from "../core/archived-file.ts";
import { DigestMismatchError } from "../core/errors.ts";
import { type StorageKey, toStorageKey } from "../core/storage-key.ts";
import { hashChunks } from "../io/hash-chunks.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { StagedObject, Storage } from "../storage/storage.ts";
import { toQuarantinedEvent } from "./change-events.ts";
import { type DamageNote, type QuarantineNote, toNoteKey, toQuarantineKey, toQuarantineText } from "./quarantine.ts";
import { writeText } from "./text-files.ts";

/** What is mended, and what is told of it. */
export interface MendPorts {
  readonly storage: Storage;
  readonly ledger: Pick<Ledger, "append">;
}

/** Keeps bytes that were never part of the archive, the note first. */
export async function quarantineBytes(
  staged: StagedObject,
  note: QuarantineNote,
  { storage, ledger }: MendPorts,
): Promise<StorageKey> {
  const key = toQuarantineKey(note);
  await writeText(storage, toNoteKey(key), toQuarantineText(note));
  await staged.commit(key, { overwrite: true });
  await ledger.append([toQuarantinedEvent(note, key)]);
  return key;
}

/** Moves what stands in place of a recorded file; see {@link Archive.quarantineDamaged}. */
export async function quarantineStanding(note: DamageNote, { storage, ledger }: MendPorts): Promise<StorageKey> {
  const key = await findFreeKey(storage, toQuarantineKey(note));
  await storage.setAside(note.key, { key, note: { key: toNoteKey(key), text: toQuarantineText(note) } });
  await ledger.append([toQuarantinedEvent(note, key)]);
  return key;
}

/** Gives checked bytes the key of a recorded file that is gone; see {@link Archive.restore}. */
export async function restoreFile(
  staged: StagedObject,
  { recordingId, key, role, sha256: expected, plain }: ArchivedFile,
  { storage, ledger }: MendPorts,
): Promise<void> {
  await staged.commit(key);
  const { sha256: found } = await hashChunks(storage.read(key));
  const subject = `${storage.traits.location}/${key}`;
  if (found !== expected) throw new DigestMismatchError({ subject, expected, found });
  const name = plain === undefined ? role : "stored";
  await ledger.append([{ type: "healed", subject: recordingId, digests: { [name]: found }, detail: { key } }]);
}

async function findFreeKey(storage: Storage, wanted: StorageKey): Promise<StorageKey> {
  for (let key = wanted, count = 2; ; count += 1) {
    if ((await storage.stat(key)) === undefined) return key;
    key = toStorageKey(`${wanted}.${count}`);
  }
}
