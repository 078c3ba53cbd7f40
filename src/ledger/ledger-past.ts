import type { LedgerEntry } from "../core/ledger-event.ts";

/** What a ledger itself tells of what it cannot vouch for. */
export interface LedgerPast {
  /** When it was begun, by its own event: of what was done before, it tells nothing. */
  readonly begunAt: string | undefined;
  /** Whether it was begun in place of a broken one, whose holds it took over. */
  readonly replacesBroken: boolean;
  /** How many recordings were there before it, of which nothing was checked. */
  readonly adopted: number;
  /** How many events no checkpoint covered when the ledger was next opened: they were signed later, as they then stood. */
  readonly signedUnseen: number;
}

/** Gathers {@link LedgerPast} from the events, in their order. */
export class LedgerPastReader {
  readonly #mends: { readonly seq: number; readonly unsignedEvents: number }[] = [];
  #begun: LedgerEntry | undefined;
  #adopted = 0;

  /** Takes the event that stands at `seq`, whatever place it says of itself. */
  see(entry: LedgerEntry, seq: number): void {
    const { type, detail } = entry;
    if (type === "ledger-begun") this.#begun ??= entry;
    else if (type === "adopted") this.#adopted += 1;
    else if (type === "ledger-mended") {
      const unsignedEvents = toCount(detail?.["unsignedEvents"]);
      if (unsignedEvents > 0) this.#mends.push({ seq, unsignedEvents });
    }
  }

  /** Gives what was gathered; what was taken up behind the first `signedSize` events is not signed yet, and not counted. */
  toPast(signedSize: number): LedgerPast {
    return {
      begunAt: this.#begun?.at,
      replacesBroken: this.#begun?.detail?.["previous"] !== undefined,
      adopted: this.#adopted,
      signedUnseen: countCovered(this.#mends.filter(({ seq }) => seq < signedSize)),
    };
  }
}

/** Counts each event once: a run that was killed after mending leaves the same ones to the next. */
function countCovered(mends: readonly { readonly seq: number; readonly unsignedEvents: number }[]): number {
  let covered = 0;
  let end = 0;
  for (const { seq, unsignedEvents } of mends) {
    covered += seq - Math.max(end, seq - unsignedEvents);
    end = seq;
  }
  return covered;
}

function toCount(value: unknown): number {
  return typeof value === "number" && Number.isSafeInteger(value) ? value : 0;
}
