import type { ServerResponse } from "node:http";
import { parseRecordingId, type RecordingId } from "../../../../src/core/recording-id.ts";
import { DocumentedSource } from "../../../../src/vendor/documented/documented-source.ts";
import type { CallOptions } from "../../../../src/vendor/recording-source.ts";
import { type SeenRequest, sendJson } from "../local-server.ts";
import { openApi } from "./api-under-test.ts";
import { LIST } from "./vendor-page.ts";

/** A page as the server is about to send it. */
export interface Page {
  data: object[];
  pagination: { total?: number | undefined; limit?: number | undefined; offset: number; has_more: boolean };
}

/** The vendor's list, which a test can change between two requests. */
export interface MovingList {
  readonly source: DocumentedSource;
  /** Ids, in the vendor's order. */
  readonly rows: string[];
  /** Offsets as they were asked for. */
  readonly offsets: number[];
  /** How many requests were answered at the same time, at most. */
  readonly busiest: () => number;
  list(options?: CallOptions): Promise<Listed>;
}

/** What a list gave, and the error that it ended with, if any. */
export interface Listed {
  readonly ids: RecordingId[];
  readonly error: unknown;
}

/** How a {@link MovingList} behaves. */
export interface MovingListOptions {
  /** The most rows that a page has. @default as many as are asked for */
  readonly maxLimit?: number;
  /** Called before a page is made, with the number of the request from 1. */
  readonly before?: (rows: string[], request: number) => void;
  /** Changes a page that is about to be sent. */
  readonly mend?: (page: Page, request: number) => Page;
}

/** Makes ids in the vendor's order. */
export function makeIds(count: number, prefix = "rec"): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}_${index}`);
}

/** Starts a server that lists some recordings by limit and offset, as the page has it. */
export async function openMovingList(rows: string[], options: MovingListOptions = {}): Promise<MovingList> {
  const { maxLimit = Number.POSITIVE_INFINITY, before, mend = (page) => page } = options;
  const offsets: number[] = [];
  let [open, busiest] = [0, 0];
  const answer = ({ path }: SeenRequest, response: ServerResponse) => {
    busiest = Math.max(busiest, ++open);
    const query = new URL(path, "http://localhost").searchParams;
    const offset = Number(query.get("offset"));
    offsets.push(offset);
    const request = offsets.length;
    before?.(rows, request);
    const limit = Math.min(Number(query.get("limit")), maxLimit);
    const data = rows.slice(offset, offset + limit).map((recording_id) => ({ ...LIST.data[0], recording_id }));
    const pagination = { total: rows.length, limit, offset, has_more: offset + limit < rows.length };
    const page = mend({ data, pagination }, request);
    // A pause in which those that were sent at the same time arrive.
    setTimeout(() => {
      open -= 1;
      sendJson(response, page);
    }, 2);
  };
  const { api } = await openApi(answer);
  const source = new DocumentedSource(api);
  return { source, rows, offsets, busiest: () => busiest, list: (callOptions) => listAll(source, callOptions) };
}

async function listAll(source: DocumentedSource, options: CallOptions = {}): Promise<Listed> {
  const ids: RecordingId[] = [];
  try {
    for await (const { recordingId } of source.list({}, options)) ids.push(recordingId);
    return { ids, error: undefined };
  } catch (error) {
    return { ids, error };
  }
}

/** Makes ids comparable whatever their order. */
export function sorted(ids: readonly string[]): RecordingId[] {
  return ids.map(parseRecordingId).sort();
}
