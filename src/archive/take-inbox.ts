import type { LedgerEvent } from "../core/ledger-event.ts";
import type { Inbox } from "../ledger/inbox.ts";
import { tryToAccessEvent } from "./access-note.ts";
import type { Archive } from "./archive.ts";

/** Notes that share a trip to the disk. */
const NOTES_AT_ONCE = 1000;

/**
 * Takes into the ledger what was noted while nobody had the archive open. A note goes when its event is on disk: after a crash
 * between the two it is taken again, under the same name. What is no note is moved aside.
 *
 * @param onRefused - Is told where that lies now.
 */
export async function takeInbox(inbox: Inbox, archive: Archive, onRefused: (path: string) => void): Promise<void> {
  const names = await inbox.list();
  for (let start = 0; start < names.length; start += NOTES_AT_ONCE) {
    const taken = new Map<string, LedgerEvent>();
    for (const name of names.slice(start, start + NOTES_AT_ONCE)) {
      const event = tryToAccessEvent((await inbox.read(name)) ?? "", { note: name, archiveId: archive.archiveId });
      if (event === undefined) onRefused(await inbox.setAside(name));
      else taken.set(name, event);
    }
    await archive.record([...taken.values()]);
    await inbox.remove([...taken.keys()]);
  }
}
