import type { RecordingId } from "../../core/recording-id.ts";
import { VendorResponseError } from "../errors.ts";
import type { CallOptions, Download, ListFilter, RecordingSource, RemoteRecording } from "../recording-source.ts";
import type { AudianApi } from "./audian-api.ts";
import { toRemoteRecording } from "./remote-recording.ts";

/** The only page size that the page shows. */
const PAGE_SIZE = 50;

/** Recordings from the documented API. */
export class DocumentedSource implements RecordingSource {
  readonly traits: { readonly name: string; readonly origin: string };
  readonly #api: AudianApi;

  /** @param api - Closed together with the source. */
  constructor(api: AudianApi) {
    this.#api = api;
    this.traits = { name: "audian", origin: api.origin };
  }

  /**
   * Lists recordings in the vendor's order. One that is deleted at the vendor while the list is read can move
   * another across the border of two pages, out of sight.
   *
   * @throws {VendorResponseError} a page brings nothing new but says that there are more.
   * @see Vendor API page, "List Recordings"
   */
  async *list(filter: ListFilter, options: CallOptions = {}): AsyncGenerator<RemoteRecording> {
    const known = new Set<RecordingId>();
    let offset = 0;
    for (let hasMore = true; hasMore; ) {
      const request = { callId: filter.callId, sinceMs: filter.sinceMs, limit: PAGE_SIZE, offset };
      const { data, pagination } = await this.#api.listRecordings(request, options);
      const fresh = data.map(toRemoteRecording).filter(({ recordingId }) => isNew(known, recordingId));
      yield* fresh.filter((recording) => isWithin(filter, recording));
      hasMore = pagination.has_more;
      offset += data.length;
      if (hasMore && fresh.length === 0) throw toEndlessError(offset);
    }
  }

  async get(recordingId: RecordingId, options: CallOptions = {}): Promise<RemoteRecording> {
    return toRemoteRecording(await this.#api.getRecording(recordingId, options));
  }

  download(recordingId: RecordingId, options: CallOptions = {}): Promise<Download> {
    return this.#api.downloadRecording(recordingId, options);
  }

  close(): Promise<void> {
    return this.#api.close();
  }
}

function isNew(known: Set<RecordingId>, recordingId: RecordingId): boolean {
  const sizeBefore = known.size;
  return known.add(recordingId).size > sizeBefore;
}

/** The page has no `until`, and its `since` is sent in whole seconds. */
function isWithin({ sinceMs, untilMs }: ListFilter, { createdAtMs }: RemoteRecording): boolean {
  return (sinceMs === undefined || createdAtMs >= sinceMs) && (untilMs === undefined || createdAtMs < untilMs);
}

function toEndlessError(offset: number): VendorResponseError {
  return new VendorResponseError("list of recordings", `nothing new up to offset ${offset}, yet has_more is true`);
}
