import type { EventType } from "../../core/ledger-event.ts";
import type { Term } from "./terms.ts";

/** What a reader who has never heard of the ledger is told of one type of event. */
interface CustodyWords {
  /** What it is in the vocabulary of the Library of Congress, where that has a word for it. */
  readonly term?: Term<"eventType">;
  readonly sentence: string;
}

/** Said so that it stays true of every event of the type, whatever its detail is. */
export const CUSTODY_WORDS: Readonly<Record<EventType, CustodyWords>> = {
  "ledger-begun": { sentence: "The ledger was begun." },
  "ledger-mended": { sentence: "The ledger was opened after a run that did not end." },
  "key-changed": { sentence: "Another key signs the ledger from here on." },
  adopted: { sentence: "The recording was there before this ledger was begun; nothing of it was checked." },
  fetched: { term: "ingestion", sentence: "The recording's original was stored in the archive." },
  proven: {
    term: "metadata modification",
    sentence: "Better evidence for the original came and was written into its record.",
  },
  noticed: {
    term: "metadata modification",
    sentence: "What the operator states of why the call was recorded was written into its record; it was not checked.",
  },
  converted: { term: "creation", sentence: "Copies in other forms were made of the original and stored beside it." },
  encrypted: { term: "encryption", sentence: "The recording's audio was encrypted." },
  settled: {
    sentence: "What an ended run had stored of the recording, and not told, was told when the archive was opened.",
  },
  reindexed: { sentence: "The archive's index was made anew." },
  verified: { sentence: "The archive was verified." },
  healed: { sentence: "Recorded bytes were put back in their place and read again." },
  quarantined: { term: "quarantine", sentence: "Bytes were moved into quarantine." },
  held: { term: "policy assignment", sentence: "A legal hold was placed: what it names must stay as it is." },
  released: { sentence: "Legal holds were released." },
  removed: { term: "deletion", sentence: "The recording's audio was removed from the archive by retention." },
  "purge-intended": { sentence: "The vendor was about to be asked to delete its copy of the recording." },
  purged: { sentence: "The vendor was asked to delete its copy of the recording." },
  exported: { term: "information package creation", sentence: "The recording was put into a package." },
  read: { sentence: "Files of the archive were read by their paths." },
  "key-used": { sentence: "What was encrypted with a key was opened." },
  "key-rewrapped": { sentence: "The key that encrypts the recording's audio was wrapped anew." },
  "key-destroyed": { sentence: "The key that encrypts the recording's audio was taken out of its record." },
};
