import type { Custody } from "../archive/archive.ts";
import { HoldIndex } from "../archive/hold-index.ts";
import type { ArchivedRecording } from "../core/archived-file.ts";
import type { LedgerEntry } from "../core/ledger-event.ts";
import { CHECKPOINT_NAME, CUSTODY_NAME } from "../packaging/package-layout.ts";
import type { PackageDescriptor } from "../packaging/schema.ts";
import type { ExportPlan } from "./export-plan.ts";
import type { ExportedArchive } from "./export-run.ts";
import type { PackageFolder } from "./package-folder.ts";

/** What the ledger tells of the recordings of a package. */
export interface GatheredCustody {
  readonly statement: NonNullable<PackageDescriptor["ledger"]>;
  /** Gives the events about a recording, in order; once, for they are many and are not kept. */
  readonly takeEvents: (recordingId: string) => readonly LedgerEntry[];
}

/** What gathering needs. */
export interface CustodyPorts {
  readonly case: string;
  readonly archive: Pick<ExportedArchive, "custody" | "holds">;
  readonly folder: PackageFolder;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Signs the ledger's head, and writes into a package what the ledger tells of its recordings, with what proves it.
 *
 * @throws {LedgerBrokenError} the events on disk are not those that were written.
 */
export async function gatherCustody(
  { items, removed }: ExportPlan,
  { case: name, archive, folder, signal }: CustodyPorts,
): Promise<GatheredCustody> {
  const recordings = [...items.flatMap((item) => (item.kind === "recording" ? [item.recording] : [])), ...removed];
  const caught = await findCaught(recordings, name, archive);
  const scope = {
    recordingIds: new Set(recordings.map(({ recordingId }) => recordingId)),
    callIds: new Set(recordings.map(({ callId }) => callId)),
    holds: new Set(caught.keys()),
  };
  const gathering = new CustodyGathering(scope.recordingIds, caught);
  const { checkpoint, verifierKey, events } = await archive.custody({ case: name, ...scope }, signal);
  await folder.write(CUSTODY_NAME, gathering.write(events));
  await folder.writeText(CHECKPOINT_NAME, [checkpoint.note]);
  const statement = {
    custody: CUSTODY_NAME,
    checkpoint: CHECKPOINT_NAME,
    verifierKey,
    size: checkpoint.size,
    events: gathering.count,
  };
  return { statement, takeEvents: (recordingId) => gathering.takeEvents(recordingId) };
}

/** Recordings by the event of a hold that catches them. */
type Caught = ReadonlyMap<number, readonly string[]>;

/** Finds the holds of the case, those that were released too, that catch one of the recordings. */
async function findCaught(
  recordings: readonly ArchivedRecording[],
  name: string,
  archive: CustodyPorts["archive"],
): Promise<Caught> {
  const index = new HoldIndex();
  for (const hold of (await archive.holds()).holds) if (hold.case === name) index.add(hold.seq, hold.criteria);
  const caught = new Map<number, string[]>();
  for (const recording of recordings) {
    for (const seq of index.catching(recording).keys()) {
      const ids = caught.get(seq) ?? [];
      ids.push(recording.recordingId);
      caught.set(seq, ids);
    }
  }
  return caught;
}

/** Enough for one trip to the disk to be worth it. */
const PIECE_LENGTH = 1 << 16;

/** Notes, by recording, what is written of it. */
class CustodyGathering {
  readonly #events = new Map<string, LedgerEntry[]>();
  readonly #caught: Caught;
  #count = 0;

  constructor(recordingIds: Iterable<string>, caught: Caught) {
    for (const recordingId of recordingIds) this.#events.set(recordingId, []);
    this.#caught = caught;
  }

  get count(): number {
    return this.#count;
  }

  takeEvents(recordingId: string): readonly LedgerEntry[] {
    const events = this.#events.get(recordingId) ?? [];
    this.#events.delete(recordingId);
    return events;
  }

  async *write(events: Custody["events"]): AsyncGenerator<Uint8Array> {
    let piece = "";
    for await (const { text, entry } of events) {
      this.#count += 1;
      if (entry !== undefined) this.#note(entry);
      piece += text;
      if (piece.length < PIECE_LENGTH) continue;
      yield Buffer.from(piece);
      piece = "";
    }
    yield Buffer.from(piece);
  }

  #note(entry: LedgerEntry): void {
    for (const recordingId of this.#toRecordings(entry)) this.#events.get(recordingId)?.push(entry);
  }

  #toRecordings({ type, seq, subject, detail }: LedgerEntry): Iterable<string> {
    if (type === "held") return this.#caught.get(seq) ?? [];
    if (type !== "released") return [subject];
    const holds: readonly unknown[] = Array.isArray(detail?.["holds"]) ? detail["holds"] : [];
    return new Set(holds.flatMap((hold) => this.#caught.get(Number(hold)) ?? []));
  }
}
