import { toIsoInstant } from "../core/clock.ts";
import type { Sha256Hex } from "../core/digest.ts";
import type { LedgerEvent } from "../core/ledger-event.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { StorageKey } from "../core/storage-key.ts";
import { tryParseJson } from "../core/try-parse-json.ts";
import { RootedCollection } from "./items-root.ts";
import { AccessNote } from "./schema.ts";

/** What was read of an archive by a command that does not open it. */
export interface Access {
  readonly command: string;
  /** Who reads, as the operating system or the operator names them. */
  readonly actor: string;
  readonly atMs: number;
  readonly keys: readonly StorageKey[];
  /** The recording that all of them belong to, if it is one and known. */
  readonly recordingId: RecordingId | undefined;
}

/** So many names an event tells; for more of them a digest stands. */
const MAX_NAMES = 20;

/** Writes the note of an access, for the archive's inbox. */
export function toAccessText({ command, actor, atMs, keys, recordingId }: Access): string {
  const note: AccessNote = {
    schema: "holdfast.access/1",
    readAt: toIsoInstant(atMs),
    readBy: actor,
    command,
    ...(recordingId === undefined ? {} : { recordingId }),
    files: keys.length,
    names: keys.slice(0, MAX_NAMES),
    ...(keys.length > MAX_NAMES ? { items: toItemsRoot(keys) } : {}),
  };
  return `${JSON.stringify(note, null, 2)}\n`;
}

/** Makes the event of a note; undefined for what is none. */
export function tryToAccessEvent(
  text: string,
  { note: name, archiveId }: { readonly note: string; readonly archiveId: string },
): LedgerEvent | undefined {
  const { data } = AccessNote.safeParse(tryParseJson(text));
  if (data === undefined) return undefined;
  const { schema: _schema, recordingId, items, ...detail } = data;
  return {
    type: "read",
    subject: recordingId ?? archiveId,
    ...(items === undefined ? {} : { digests: { items } }),
    detail: { ...detail, note: name },
  };
}

function toItemsRoot(keys: readonly StorageKey[]): Sha256Hex {
  const collection = new RootedCollection<StorageKey>([]);
  for (const key of keys) collection.push(key);
  return collection.root();
}
