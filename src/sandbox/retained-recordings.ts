import type { Clock } from "../core/clock.ts";
import { toCreatedAtMs } from "./recording-reply.ts";
import type { Page, PageRequest, RecordingShelf } from "./recording-shelf.ts";
import type { SandboxStore } from "./sandbox-store.ts";
import type { StoredRecording } from "./schema.ts";

const DAY_MS = 86_400_000;

/** What decides which recordings there still are. */
export interface RetainedRecordingsOptions {
  readonly store: SandboxStore;
  readonly clock: Clock;
  readonly retentionDays: number;
}

/**
 * The recordings that are not older than the vendor keeps them. The older ones are gone for whoever asks; their
 * rows and bytes stay in the data folder.
 *
 * @see Vendor API page, "Recording Storage"
 */
export class RetainedRecordings implements RecordingShelf {
  readonly #options: RetainedRecordingsOptions;

  constructor(options: RetainedRecordingsOptions) {
    this.#options = options;
  }

  /** Returns all in the order in which they were begun. */
  all(): readonly StoredRecording[] {
    return this.#options.store.recordings().filter((recording) => this.#isRetained(recording));
  }

  find(recordingId: string): StoredRecording | undefined {
    const recording = this.#options.store.recording(recordingId);
    return recording !== undefined && this.#isRetained(recording) ? recording : undefined;
  }

  describe(recordingId: string): StoredRecording | undefined {
    return this.find(recordingId);
  }

  page({ accepts, toInstantMs, toOffset, limit }: PageRequest): Page {
    const list = this.all()
      .filter(accepts)
      .sort((one, other) => toInstantMs(other) - toInstantMs(one));
    const offset = toOffset(list);
    const end = offset + limit;
    return { rows: list.slice(offset, end), total: list.length, offset, next: list[end] };
  }

  #isRetained(recording: StoredRecording): boolean {
    const { clock, retentionDays } = this.#options;
    return clock.now() - toCreatedAtMs(recording) < retentionDays * DAY_MS;
  }
}
