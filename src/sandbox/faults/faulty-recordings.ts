import type { Page, PageRequest, RecordingShelf } from "../recording-shelf.ts";
import type { StoredRecording } from "../schema.ts";
import type { SeededRandom } from "../seeded-random.ts";
import type { FaultKind } from "./fault-kinds.ts";
import type { DrawnFault, FaultPlan } from "./fault-plan.ts";

const UNREADY_LOOKS = 2;
const MAX_WRONG_BYTES = 4096;

/** How a fault changes a page; undefined when it has nothing to change there. */
type PageFault = (page: Page, random: SeededRandom) => Page | undefined;

const PAGE_FAULTS: Readonly<Partial<Record<FaultKind, PageFault>>> = {
  "row-repeated": repeatRow,
  "row-dropped": dropRow,
};

/** Recordings of which false things are told: sizes, states, and lists that change while they are paged. */
export class FaultyRecordings implements RecordingShelf {
  readonly #inner: RecordingShelf;
  readonly #plan: FaultPlan;
  readonly #looks = new Map<string, number>();

  constructor(inner: RecordingShelf, plan: FaultPlan) {
    this.#inner = inner;
    this.#plan = plan;
  }

  find(recordingId: string): StoredRecording | undefined {
    const recording = this.#inner.find(recordingId);
    return recording && this.#asReady(recording);
  }

  describe(recordingId: string): StoredRecording | undefined {
    const recording = this.find(recordingId);
    return recording && this.#asSized(recording, "recording");
  }

  page(request: PageRequest): Page {
    const page = this.#disturb(request);
    return { ...page, rows: page.rows.map((row) => this.#asSized(this.#asReady(row), "list")) };
  }

  #disturb(request: PageRequest): Page {
    const whole = this.#inner.page(request);
    const drawn = this.#plan.draw({ stage: "page", place: "list", subject: request.subject });
    if (drawn === undefined) return whole;
    const { kind } = drawn.fault;
    const changed =
      kind === "row-appears" || kind === "row-vanishes"
        ? this.#withoutOne(request, { whole, drawn })
        : PAGE_FAULTS[kind]?.(whole, drawn.random);
    if (changed === undefined) return whole;
    this.#plan.strike(drawn);
    return changed;
  }

  /** The newest row appears when the first page is left behind; one that vanishes stood on an earlier page. */
  #withoutOne(request: PageRequest, { whole, drawn }: { whole: Page; drawn: DrawnFault }): Page | undefined {
    const isFirst = whole.offset === 0;
    if (isFirst !== (drawn.fault.kind === "row-appears")) return undefined;
    const { rows } = this.#inner.page({ ...request, toOffset: () => 0, limit: isFirst ? 1 : whole.offset });
    if (rows.length === 0) return undefined;
    const hidden = drawn.random.pick(rows);
    return this.#inner.page({
      ...request,
      accepts: (row) => request.accepts(row) && row.recordingId !== hidden.recordingId,
    });
  }

  /** The share of recordings that is not ready is drawn once; every look at one brings it nearer. */
  #asReady(recording: StoredRecording): StoredRecording {
    if (recording.file === undefined) return recording;
    const { recordingId } = recording;
    const drawn = this.#plan.drawShare({ stage: "state", place: "list", subject: recordingId, recordingId });
    const looks = this.#looks.get(recordingId) ?? 0;
    if (drawn === undefined || looks >= (drawn.fault.amount ?? UNREADY_LOOKS)) return recording;
    this.#looks.set(recordingId, looks + 1);
    this.#plan.strike(drawn);
    return { ...recording, status: "processing", file: undefined };
  }

  #asSized(recording: StoredRecording, place: "list" | "recording"): StoredRecording {
    const { file, recordingId } = recording;
    if (file === undefined) return recording;
    const drawn = this.#plan.draw({ stage: "size", place, subject: recordingId, recordingId });
    if (drawn === undefined) return recording;
    this.#plan.strike(drawn);
    const otherBytes = drawn.random.between(1, Math.min(MAX_WRONG_BYTES, file.sizeBytes - 1));
    const sizeBytes = file.sizeBytes + (drawn.random.chance(0.5) ? otherBytes : -otherBytes);
    return { ...recording, file: { ...file, sizeBytes } };
  }
}

function repeatRow(page: Page, random: SeededRandom): Page | undefined {
  if (page.rows.length === 0) return undefined;
  const repeated = random.pick(page.rows);
  return { ...page, rows: page.rows.flatMap((row) => (row === repeated ? [row, row] : [row])) };
}

function dropRow(page: Page, random: SeededRandom): Page | undefined {
  if (page.rows.length === 0) return undefined;
  const dropped = random.pick(page.rows);
  return { ...page, rows: page.rows.filter((row) => row !== dropped) };
}
