import type { StoredRecording } from "./schema.ts";

/** What a page of a list is cut from, and where. */
export interface PageRequest {
  /** Tells the page from others; asked for again it has the same. */
  readonly subject: string;
  readonly accepts: (recording: StoredRecording) => boolean;
  /** What the list is sorted by, newest first. */
  readonly toInstantMs: (recording: StoredRecording) => number;
  /** Finds where the page begins in the whole list. */
  readonly toOffset: (list: readonly StoredRecording[]) => number;
  readonly limit: number;
}

/** A page of a list. */
export interface Page {
  readonly rows: readonly StoredRecording[];
  /** How many recordings the whole list has. */
  readonly total: number;
  readonly offset: number;
  /** The first row of the next page, if there is one. */
  readonly next: StoredRecording | undefined;
}

/** The recordings as the API tells of them, which is not always as they are. */
export interface RecordingShelf {
  /** Finds a recording that is asked for by its id. */
  find(recordingId: string): StoredRecording | undefined;
  /** Finds a recording that is only to be described. */
  describe(recordingId: string): StoredRecording | undefined;
  page(request: PageRequest): Page;
}
