import type { Hold, HoldRelease } from "../core/hold.ts";
import type { LedgerEntry } from "../core/ledger-event.ts";
import { LedgerBrokenError } from "../ledger/errors.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { type Certainty, HoldIndex, type HoldSubject } from "./hold-index.ts";
import { HeldDetail, MendedDetail, ReleasedDetail } from "./schema.ts";

export type { HoldSubject };

/** A hold that stands against a change, and how sure it is that the recording is meant. */
export interface Catch {
  readonly hold: Hold;
  readonly certainty: Certainty;
}

/**
 * All holds that the ledger tells of. It is the one place that knows what is held: holds are events, so that they are as hard
 * to take away as anything that the ledger says.
 */
export class HoldBook {
  readonly #holds = new Map<number, Hold>();
  /** Of what was not released. */
  readonly #index = new HoldIndex();
  /** The hold as it was, by the event that let it go. */
  readonly #releases: { readonly releaseSeq: number; readonly hold: Hold }[] = [];

  /**
   * Reads the holds out of a ledger.
   *
   * @throws {LedgerBrokenError} an event of a hold cannot be read: nobody can say then what is held.
   */
  static async load(ledger: Pick<Ledger, "find">): Promise<HoldBook> {
    const book = new HoldBook();
    for await (const entry of ledger.find(["held", "released", "ledger-mended"])) book.enter(entry);
    return book;
  }

  /** Every hold that was ever added, in order. */
  get holds(): readonly Hold[] {
    return [...this.#holds.values()];
  }

  /**
   * Takes in an event, as it stands in the ledger; one of another type says nothing here.
   *
   * @throws {LedgerBrokenError} it cannot be read.
   */
  enter(entry: LedgerEntry): void {
    if (entry.type === "held") this.#add(toHold(entry));
    if (entry.type === "released") this.#release(entry);
    if (entry.type === "ledger-mended") this.#distrust(entry);
  }

  /** Gives the holds that catch a recording and were not released, in order. */
  catching(subject: HoldSubject): readonly Catch[] {
    const caught = [...this.#index.catching(subject)].sort(([one], [other]) => one - other);
    return caught.flatMap(([seq, certainty]) => {
      const hold = this.#holds.get(seq);
      return hold === undefined ? [] : [{ hold, certainty }];
    });
  }

  #add(hold: Hold): void {
    this.#holds.set(hold.seq, hold);
    this.#index.add(hold.seq, hold.criteria);
  }

  #release(entry: LedgerEntry): void {
    const { holds, release } = toRelease(entry);
    for (const seq of holds) {
      const hold = this.#holds.get(seq);
      // What is no hold of the case stays held; of what was let go before, the first release counts.
      if (hold?.case !== entry.subject || hold.release !== undefined) continue;
      this.#index.remove(seq);
      this.#holds.set(seq, { ...hold, release });
      this.#releases.push({ releaseSeq: entry.seq, hold });
    }
  }

  /**
   * Whoever can write to the archive can add a line behind the last checkpoint. What stood there when the ledger was opened is
   * believed where it holds something, and not where it lets go: that has to be done again.
   */
  #distrust(entry: LedgerEntry): void {
    const { seq } = entry;
    const parsed = MendedDetail.safeParse(entry.detail);
    if (!parsed.success) throw toUnreadable(entry);
    const { unsignedEvents } = parsed.data;
    for (const { releaseSeq, hold } of this.#releases) {
      if (releaseSeq >= seq - unsignedEvents && releaseSeq < seq) this.#add(hold);
    }
  }
}

function toHold(entry: LedgerEntry): Hold {
  const parsed = HeldDetail.safeParse(entry.detail);
  if (!parsed.success) throw toUnreadable(entry);
  const { criteria, reason, carriedFrom } = parsed.data;
  const { subject, seq } = entry;
  const { at, actor } = carriedFrom ?? entry;
  return { case: subject, seq, criteria, reason, heldAt: at, heldBy: actor, release: undefined };
}

function toRelease(entry: LedgerEntry): { readonly holds: readonly number[]; readonly release: HoldRelease } {
  const parsed = ReleasedDetail.safeParse(entry.detail);
  if (!parsed.success) throw toUnreadable(entry);
  const { holds, reason, approvedBy, carriedFrom } = parsed.data;
  const { at, actor } = carriedFrom ?? entry;
  return { holds, release: { releasedAt: at, releasedBy: actor, reason, approvedBy } };
}

function toUnreadable({ seq, type }: LedgerEntry): LedgerBrokenError {
  return new LedgerBrokenError(`event ${seq} (${type}) of the ledger cannot be read`, {
    hint: "`holdfast ledger verify` tells what is wrong",
  });
}
