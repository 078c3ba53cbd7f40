import type { RecordingId } from "../../core/recording-id.ts";
import { VendorListIncompleteError } from "../errors.ts";
import type {
  CallOptions,
  Deletion,
  DownloadAddress,
  ListFilter,
  LocateOptions,
  RecordingSource,
  RemoteRecording,
} from "../recording-source.ts";
import type { AudianApi } from "./audian-api.ts";
import { type FoundRecordings, type ListReading, PAGE_SIZE, readList } from "./list-reading.ts";
import { toRemoteRecording } from "./remote-recording.ts";

/** How often the list is read at most before it is given up to be had whole. */
const MAX_READINGS = 5;

/** An instant with nanoseconds and an offset has 35 characters. */
const MAX_INSTANT_LENGTH = 64;

/** Recordings from the documented API. */
export class DocumentedSource implements RecordingSource {
  readonly traits: RecordingSource["traits"];
  readonly #api: AudianApi;

  /** @param api - Closed together with the source. */
  constructor(api: AudianApi) {
    this.#api = api;
    this.traits = { name: "audian", origin: api.origin, deletes: true };
  }

  /**
   * Lists recordings once the whole list is read; it is read again where what came cannot be all of it.
   *
   * @throws {VendorResponseError} pages bring nothing new, yet say that there are more.
   * @see Vendor API page, "List Recordings"
   */
  async *list(filter: ListFilter, options: CallOptions = {}): AsyncGenerator<RemoteRecording> {
    const found: FoundRecordings = new Map();
    const failure = await this.#readWhole(filter, options, found).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    options.signal?.throwIfAborted();
    for (const recording of found.values()) if (isWithin(filter, recording)) yield recording;
    if (failure !== undefined) throw failure.error;
  }

  async get(recordingId: RecordingId, options: CallOptions = {}): Promise<RemoteRecording> {
    return toRemoteRecording(await this.#api.getRecording(recordingId, options));
  }

  locate(recordingId: RecordingId, options: LocateOptions = {}): Promise<DownloadAddress> {
    return this.#api.locateRecording(recordingId, options);
  }

  async delete(recordingId: RecordingId, options: CallOptions = {}): Promise<Deletion> {
    const { deleted_at } = await this.#api.deleteRecording(recordingId, options);
    return { deletedAt: deleted_at.slice(0, MAX_INSTANT_LENGTH) };
  }

  close(): Promise<void> {
    return this.#api.close();
  }

  async #readWhole({ callId, sinceMs }: ListFilter, options: CallOptions, found: FoundRecordings): Promise<void> {
    const ask = (offset: number, dropped: AbortSignal) => {
      const signal = options.signal === undefined ? dropped : AbortSignal.any([options.signal, dropped]);
      return this.#api.listReadable({ callId, sinceMs, limit: PAGE_SIZE, offset }, { ...options, signal });
    };
    for (let readings = 1; ; readings++) {
      const reading = await readList(ask, found);
      const { unreadable, total } = reading;
      if (unreadable > 0 && found.size + unreadable >= (total?.max ?? 0)) {
        throw new VendorListIncompleteError({ foundCount: found.size, expectedCount: total?.max, unreadable });
      }
      if (isWhole(reading, found.size, readings)) return;
      if (readings === MAX_READINGS)
        throw new VendorListIncompleteError({ foundCount: found.size, expectedCount: total?.max });
    }
  }
}

/** The page has no `until`, and its `since` is sent in whole seconds. */
function isWithin({ sinceMs, untilMs }: ListFilter, { createdAtMs }: RemoteRecording): boolean {
  return (sinceMs === undefined || createdAtMs >= sinceMs) && (untilMs === undefined || createdAtMs < untilMs);
}

/**
 * Tells whether a reading shows that all is found. A list that changed under the first one is read once more, so that
 * what appeared is there too; one that changes all the time is held against its smallest length.
 */
function isWhole({ isJoined, isFull, total }: ListReading, foundCount: number, readings: number): boolean {
  if (!isJoined || total === undefined) return isJoined;
  if (foundCount >= total.max) return isFull || total.min === total.max;
  return isFull && foundCount >= total.min && readings > 1;
}
