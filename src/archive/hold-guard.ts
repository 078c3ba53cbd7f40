import type { Catalogue } from "../catalogue/catalogue.ts";
import type { ArchivedRecording } from "../core/archived-file.ts";
import { toCallDetails } from "../core/call-details.ts";
import { isHoldfastError } from "../core/errors.ts";
import type { HeldChange } from "../core/hold.ts";
import type { LedgerEntry } from "../core/ledger-event.ts";
import type { RecordingId } from "../core/recording-id.ts";
import { LedgerBrokenError } from "../ledger/errors.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { HoldPreventsError } from "./errors.ts";
import { HoldBook, type HoldSubject } from "./hold-book.ts";
import type { RecordReader } from "./record-reader.ts";
import { RecordedStates } from "./recorded-states.ts";

/** What a guard asks. */
export interface HoldGuardPorts {
  /** @throws {LedgerBrokenError} there is none that can be asked. */
  readonly toLedger: () => Pick<Ledger, "find" | "verify">;
  readonly catalogue: Pick<Catalogue, "find">;
  readonly records: Pick<RecordReader, "findCatalogued">;
}

/** What a ledger tells that was held against its checkpoints. */
interface Proven {
  readonly book: HoldBook;
  readonly states: RecordedStates;
}

/**
 * Decides whether something may be done to a recording, or to the vendor's copy of it. It is the one place that does: retention,
 * purging, healing, replacing and the destruction of keys all ask here.
 */
export class HoldGuard {
  readonly #ports: HoldGuardPorts;
  #book: Promise<HoldBook> | undefined;
  /** Made of the very bytes that were held against the checkpoints, not of what stood there at another time. */
  #proven: Promise<Proven> | undefined;

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
    const proven = await this.#proven?.catch(() => undefined);
    const readers = [await this.#book, proven?.book, proven?.states];
    for (const reader of readers) for (const entry of entries) reader?.enter(entry);
  }

  /**
   * Lets a change pass, or refuses it. Bringing recorded bytes back takes nothing away, and is free. Of a recording of which too
   * little is known, every hold that may mean it counts. Before the first change that takes something away the whole ledger is
   * held against its checkpoints, and before each the recording against the ledger: neither a hold that somebody took out of it
   * nor a recording that somebody gave another call may be missed for good.
   *
   * @throws {HoldPreventsError} a hold stands against it; it names the cases.
   * @throws {LedgerBrokenError} the ledger is not what was signed, or the recording not what it tells: nobody can say what is held.
   */
  async assertFree(recordingId: RecordingId, change: HeldChange): Promise<void> {
    if (change === "restore") return;
    this.#proven ??= prove(this.#ports.toLedger());
    const { book, states } = await this.#proven;
    const known = await this.#ports.catalogue.find(recordingId);
    assertAsTold(recordingId, known, states);
    const caught = book.catching(await this.#toSubject(recordingId, known));
    if (caught.length > 0) throw new HoldPreventsError(recordingId, change, caught);
  }

  /** What only the catalogue says counts for nothing; where the sidecar cannot be read, nothing is known but the id. */
  async #toSubject(recordingId: RecordingId, known: ArchivedRecording | undefined): Promise<HoldSubject> {
    if (known === undefined) return { recordingId };
    try {
      const { callId, vendor } = (await this.#ports.records.findCatalogued(recordingId)).sidecar;
      return { recordingId, callId, createdAtMs: Date.parse(vendor.createdAt), call: toCallDetails(vendor) };
    } catch (error) {
      if (!isHoldfastError(error)) throw error;
      return { recordingId };
    }
  }
}

async function prove(ledger: Pick<Ledger, "verify">): Promise<Proven> {
  const [book, states] = [new HoldBook(), new RecordedStates()];
  const onEntry = (entry: LedgerEntry) => {
    book.enter(entry);
    states.enter(entry);
  };
  const { findings } = await ledger.verify({ anchors: [], onEntry });
  const [first] = findings;
  if (first === undefined) return { book, states };
  throw new LedgerBrokenError(`the ledger is not what was signed, so nobody can say what is held: ${first.message}`, {
    hint: "`holdfast ledger verify` tells all that is wrong; until it is mended nothing is removed or replaced",
  });
}

/** @throws {LedgerBrokenError} somebody changed the record, or took it out of the catalogue. */
function assertAsTold(recordingId: RecordingId, known: ArchivedRecording | undefined, states: RecordedStates): void {
  const record = known?.files.find(({ role }) => role === "sidecar" || role === "tombstone");
  const isAsTold = record === undefined ? !states.knows(recordingId) : states.tells(recordingId, record.sha256);
  if (isAsTold) return;
  throw new LedgerBrokenError(`the catalogue does not say of ${recordingId} what the ledger tells`, {
    hint: "`holdfast verify` tells what is wrong; until it is mended the recording is not removed or replaced",
  });
}
