import type { RecordingId } from "../../core/recording-id.ts";
import { VendorResponseError } from "../errors.ts";
import type { RemoteRecording } from "../recording-source.ts";
import { type AskPage, PagesAhead } from "./pages-ahead.ts";
import { toRemoteRecording } from "./remote-recording.ts";

/** Rows that are asked for at a time. The vendor's page shows 50; a server may give fewer than it is asked for. */
export const PAGE_SIZE = 100;

/** Rows that a page has in common with the one before: so many may vanish in between without the pages coming apart. */
const OVERLAP = 5;
const PAGES_AT_A_TIME = 4;
const MAX_STEPS_BACK = 10;
/** How many pages in a row may bring nothing although the list should have come to an end. */
const MAX_STALE_PAGES = 2;

/** Recordings by their id, in the order in which they were first seen. */
export type FoundRecordings = Map<RecordingId, RemoteRecording>;

/** How one reading of the list, from its beginning to its end, went. */
export interface ListReading {
  /**
   * Whether each page had a row in common with those before. Then every recording that was there the whole time has
   * passed by, whatever appeared or vanished meanwhile.
   */
  readonly isJoined: boolean;
  /** Whether each page had as many different rows as there must be at its place. */
  readonly isFull: boolean;
  /** Rows that could not be read; one that two pages share is counted twice. */
  readonly unreadable: number;
  /** The smallest and the largest number of recordings that the pages told of; undefined when none told. */
  readonly total: Total | undefined;
}

interface Total {
  readonly min: number;
  readonly max: number;
}

/**
 * Reads the list once, a few pages at a time if its length is known. Where so many rows vanish between two pages that
 * they come apart, it steps back until they join.
 *
 * @param found - Where the rows go; of two rows of one recording the later page's counts.
 * @throws {VendorResponseError} pages bring nothing new, yet say that there are more.
 */
export async function readList(ask: AskPage, found: FoundRecordings): Promise<ListReading> {
  const pages = new PagesAhead(ask);
  try {
    return await new Reader(pages, found).read();
  } finally {
    await pages.drop();
  }
}

interface PlacedPage {
  readonly offset: number;
  readonly rows: readonly RemoteRecording[];
  readonly hasMore: boolean;
}

class Reader {
  readonly #pages: PagesAhead;
  readonly #found: FoundRecordings;
  /** What the pages of this reading that join have held. */
  readonly #passed = new Set<RecordingId>();
  #total: Total | undefined;
  #isFull = true;
  #unreadable = 0;
  #stalePages = 0;

  constructor(pages: PagesAhead, found: FoundRecordings) {
    this.#pages = pages;
    this.#found = found;
  }

  async read(): Promise<ListReading> {
    let page = this.#pass(await this.#take(0));
    for (let stepsBack = 0; page.hasMore; ) {
      const overlap = toOverlap(page);
      const step = Math.max(1, page.rows.length - overlap);
      const next = await this.#take(page.offset + step, step);
      if (overlap === 0 || this.#joins(next)) page = this.#pass(next);
      else if (stepsBack++ < MAX_STEPS_BACK) page = this.#pass(await this.#stepBack(next.offset, step));
      else return this.#toReading(false);
    }
    return this.#toReading(true);
  }

  #toReading(isJoined: boolean): ListReading {
    return { isJoined, isFull: this.#isFull, unreadable: this.#unreadable, total: this.#total };
  }

  /** @param step - How far apart the pages are that are asked for beforehand; without it none are. */
  async #take(offset: number, step?: number): Promise<PlacedPage> {
    const { data, pagination } = await this.#pages.take(offset, this.#toOffsetsAhead(offset, step));
    const readable = data.filter((row) => row !== null);
    const rows = readable.map(toRemoteRecording);
    const unreadable = data.length - rows.length;
    this.#unreadable += unreadable;
    for (const row of rows) this.#found.set(row.recordingId, row);
    const { total } = pagination;
    if (total != null) {
      const { min, max } = this.#total ?? { min: total, max: total };
      this.#total = { min: Math.min(min, total), max: Math.max(max, total) };
      const different = new Set(rows.map(({ recordingId }) => recordingId)).size;
      this.#isFull &&= different + unreadable >= Math.min(pagination.limit ?? different, PAGE_SIZE, total - offset);
    }
    return { offset, rows, hasMore: pagination.has_more };
  }

  #toOffsetsAhead(offset: number, step: number | undefined): number[] {
    if (step === undefined || this.#total === undefined) return [];
    const { max } = this.#total;
    const offsets = Array.from({ length: PAGES_AT_A_TIME - 1 }, (_, index) => offset + step * (index + 1));
    return offsets.filter((ahead) => ahead < max);
  }

  #joins({ rows }: PlacedPage): boolean {
    return rows.some(({ recordingId }) => this.#passed.has(recordingId));
  }

  #pass(page: PlacedPage): PlacedPage {
    const passedBefore = this.#passed.size;
    for (const { recordingId } of page.rows) this.#passed.add(recordingId);
    const isStale = this.#passed.size === passedBefore && page.offset + page.rows.length > passedBefore;
    this.#stalePages = isStale ? this.#stalePages + 1 : 0;
    if (!page.hasMore || this.#stalePages <= MAX_STALE_PAGES) return page;
    const problem = `nothing new up to offset ${page.offset + page.rows.length}, yet has_more is true`;
    throw new VendorResponseError("list of recordings", problem);
  }

  /** Doubles the way back with each attempt: a whole day may have been deleted at once. */
  async #stepBack(from: number, step: number): Promise<PlacedPage> {
    for (let back = step; ; back *= 2) {
      // What was asked for ahead is older than the gap.
      await this.#pages.drop();
      const page = await this.#take(Math.max(0, from - back));
      if (page.offset === 0 || this.#joins(page)) return page;
    }
  }
}

/** A server that gives one row at a time leaves nothing to overlap. */
function toOverlap({ rows }: PlacedPage): number {
  return Math.min(OVERLAP, Math.floor(rows.length / 2));
}
