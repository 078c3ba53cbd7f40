import type { Catalogue } from "../catalogue/catalogue.ts";
import type { HeldChange } from "../core/hold.ts";
import type { LedgerEntry } from "../core/ledger-event.ts";
import type { RecordingId } from "../core/recording-id.ts";
import { LedgerBrokenError } from "../ledger/errors.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { HoldPreventsError } from "./errors.ts";
import { HoldBook, type HoldSubject } from "./hold-book.ts";

/** What a guard asks. */
export interface HoldGuardPorts {
  /** @throws {LedgerBrokenError} there is none that can be asked. */
  readonly toLedger: () => Pick<Ledger, "find" | "verify">;
  readonly catalogue: Pick<Catalogue, "find">;
}

/**
 * Decides whether something may be done to a recording, or to the vendor's copy of it. It is the one place that does: retention,
 * purging, healing, replacing and the destruction of keys all ask here.
 */
export class HoldGuard {
  readonly #ports: HoldGuardPorts;
  #book: Promise<HoldBook> | undefined;
  /** Made of the very bytes that were held against the checkpoints, not of what stood there at another time. */
  #proven: Promise<HoldBook> | undefined;

  constructor(ports: HoldGuardPorts) {
    this.#ports = ports;
  }

  /** Gives all legal holds, as the ledger tells of them. */
  async book(): Promise<HoldBook> {
    this.#book ??= HoldBook.load(this.#ports.toLedger());
    return this.#book;
  }

  /** Takes in events that were written since. */
  async enter(entries: readonly LedgerEntry[]): Promise<void> {
    // A proof that failed lets nothing pass, whatever it does not know.
    const books = [await this.#book, await this.#proven?.catch(() => undefined)];
    for (const book of books) for (const entry of entries) book?.enter(entry);
  }

  /**
   * Lets a change pass, or refuses it. Bringing recorded bytes back takes nothing away, and is free. Of a recording of which too
   * little is known, every hold that may mean it counts. Before the first change that takes something away the whole ledger is
   * held against its checkpoints: a hold that somebody took out of it must not be missed for good.
   *
   * @throws {HoldPreventsError} a hold stands against it; it names the cases.
   * @throws {LedgerBrokenError} the ledger is not what was signed, so that nobody can say what is held.
   */
  async assertFree(recordingId: RecordingId, change: HeldChange): Promise<void> {
    if (change === "restore") return;
    this.#proven ??= prove(this.#ports.toLedger());
    const book = await this.#proven;
    const subject: HoldSubject = (await this.#ports.catalogue.find(recordingId)) ?? { recordingId };
    const caught = book.catching(subject);
    if (caught.length > 0) throw new HoldPreventsError(recordingId, change, caught);
  }
}

async function prove(ledger: Pick<Ledger, "verify">): Promise<HoldBook> {
  const book = new HoldBook();
  const { findings } = await ledger.verify({ anchors: [], onEntry: (entry) => book.enter(entry) });
  const [first] = findings;
  if (first === undefined) return book;
  throw new LedgerBrokenError(`the ledger is not what was signed, so nobody can say what is held: ${first.message}`, {
    hint: "`holdfast ledger verify` tells all that is wrong; until it is mended nothing is removed or replaced",
  });
}
