import type { EventType } from "../../core/ledger-event.ts";

const EVENTS: Readonly<Record<EventType, string>> = {
  "ledger-begun": "The archive's ledger was begun",
  "ledger-mended": "The ledger was opened after a run that did not end",
  "key-changed": "Another key signs the ledger from here on",
  adopted: "Was in the archive before the ledger was begun; nothing of it was checked",
  fetched: "Fetched; the original and its record were stored in the archive",
  proven: "Better evidence came and was written into the record",
  noticed: "What the operator states of why the call was recorded was written into the record",
  converted: "Copies in other formats were made and stored; the original was not changed",
  encrypted: "Encrypted in the archive",
  settled: "What a run that did not end had stored was told",
  reindexed: "The archive's index was made anew",
  verified: "The archive was verified",
  healed: "Recorded bytes were put back in their place and read again",
  quarantined: "Bytes were put aside into quarantine",
  held: "Held: it must stay as it is",
  released: "Released from a hold",
  removed: "Removed from the archive by retention",
  "purge-intended": "The vendor is about to be asked to delete it",
  purged: "The vendor was asked to delete its copy",
  exported: "Put into a package",
  read: "Read by a person with a command",
  "key-used": "An encryption key was used for the first time in this opening of the archive",
  "key-rewrapped": "Its encryption key was wrapped anew",
  "key-destroyed": "Its encryption key was destroyed",
};

/** Says what kind of event it was. One that this page does not know is named, and nothing is said of it. */
export function toEventWords(type: string): string {
  return Object.hasOwn(EVENTS, type) ? EVENTS[type as EventType] : `Event of the kind “${type}”`;
}
