import { type Clock, systemClock, toIsoInstant } from "../../core/clock.ts";
import { VendorResponseError, VendorUnauthorizedError } from "../errors.ts";
import { type Query, toApiUrl } from "../http/api-url.ts";
import { type ClientRequest, HttpClient, type HttpClientOptions } from "../http/http-client.ts";
import { type Download, openDownload } from "../http/open-download.ts";
import { requestJson } from "../http/request-json.ts";
import { makeRequest } from "../make-request.ts";
import type { CallOptions, DownloadAddress, LocateOptions } from "../recording-source.ts";
import {
  CallFlowReply,
  CallReply,
  ControlReply,
  DeletionReply,
  ReadablePage,
  RecordingPage,
  RecordingReply,
  type Schema,
} from "../schema.ts";
import type { CallFlowRequest, CallRequest, PageRequest, RecordingSettings } from "./call-request.ts";

/** What {@link AudianApi} needs to know. */
export interface AudianApiOptions extends Omit<HttpClientOptions, "clock"> {
  /** @default the machine's clock */
  readonly clock?: Clock | undefined;
}

interface Endpoint {
  readonly method: ClientRequest["method"];
  readonly path: readonly string[];
  readonly query?: Query | undefined;
  readonly json?: object | undefined;
  readonly subject: string;
}

/**
 * The documented API, call by call. Requests and replies have the names of the page.
 *
 * Every call may throw any `VendorError`, is never repeated by itself, and rejects with the reason of its
 * `signal` when that is aborted. After an error that is `retryable`, a call that changes something may or may
 * not have been done.
 *
 * @see Vendor API page "Call Recording"
 */
export class AudianApi {
  readonly #client: HttpClient;
  readonly #baseUrl: string;

  constructor({ clock = systemClock, ...options }: AudianApiOptions) {
    this.#client = new HttpClient({ ...options, clock });
    this.#baseUrl = options.baseUrl;
  }

  /** The scheme, host and port that the key is sent to. */
  get origin(): string {
    return this.#client.origin;
  }

  /** Starts a call, recorded or not. Not idempotent: each request is a call. */
  createCall(request: CallRequest, options: CallOptions = {}): Promise<CallReply> {
    const subject = `call to ${request.to}`;
    return this.#request({ method: "POST", path: ["calls"], json: request, subject }, CallReply, options);
  }

  /**
   * Starts to record an active call.
   *
   * @throws {VendorInvalidFormatError} the vendor does not record in that format.
   * @throws {VendorQuotaExceededError} the vendor's storage is full.
   */
  startRecording(callId: string, settings: RecordingSettings, options: CallOptions = {}): Promise<ControlReply> {
    return this.#control(callId, { action: "start", json: settings }, options);
  }

  /** Ends the recording of an active call. */
  stopRecording(callId: string, options: CallOptions = {}): Promise<ControlReply> {
    return this.#control(callId, { action: "stop" }, options);
  }

  /** Pauses the recording of an active call; `resumeRecording` goes on with the same one. */
  pauseRecording(callId: string, options: CallOptions = {}): Promise<ControlReply> {
    return this.#control(callId, { action: "pause" }, options);
  }

  /** Goes on with a paused recording. */
  resumeRecording(callId: string, options: CallOptions = {}): Promise<ControlReply> {
    return this.#control(callId, { action: "resume" }, options);
  }

  /** Has all calls to a phone number recorded. */
  createCallFlow(request: CallFlowRequest, options: CallOptions = {}): Promise<CallFlowReply> {
    const subject = `call flow for ${request.phone_number}`;
    return this.#request({ method: "POST", path: ["call-flows"], json: request, subject }, CallFlowReply, options);
  }

  /**
   * Asks for one recording.
   *
   * @throws {VendorNotFoundError} the vendor does not know it, or no longer.
   */
  async getRecording(recordingId: string, options: CallOptions = {}): Promise<RecordingReply> {
    const subject = toSubject(recordingId);
    const endpoint: Endpoint = { method: "GET", path: ["recordings", recordingId], subject };
    return checkRecordingId(recordingId, await this.#request(endpoint, RecordingReply, options));
  }

  /** Asks for one page of the list of recordings. */
  listRecordings(page: PageRequest = {}, options: CallOptions = {}): Promise<RecordingPage> {
    return this.#list(page, RecordingPage, options);
  }

  /** Asks for one page of the list as {@link listRecordings} does, with null in place of rows that cannot be read. */
  listReadable(page: PageRequest = {}, options: CallOptions = {}): Promise<ReadablePage> {
    return this.#list(page, ReadablePage, options);
  }

  #list<T>(page: PageRequest, schema: Schema<T>, options: CallOptions): Promise<T> {
    const query = {
      call_id: page.callId,
      since: page.sinceMs === undefined ? undefined : toWholeSeconds(page.sinceMs),
      limit: page.limit,
      offset: page.offset,
    };
    const subject = "list of recordings";
    return this.#request({ method: "GET", path: ["recordings"], query, subject }, schema, options);
  }

  /**
   * Gives where the bytes of a recording are asked for: the API's own address, which redirects to a temporary one. No
   * request is made but for the renewal of a token that was refused.
   *
   * @see Vendor API page, "Download Recording"
   */
  async locateRecording(recordingId: string, { signal, refused }: LocateOptions = {}): Promise<DownloadAddress> {
    if (refused !== undefined && !(await this.#client.renewKey(refused.headers, signal))) {
      throw new VendorUnauthorizedError(toSubject(recordingId), 401);
    }
    const url = toApiUrl(this.#baseUrl, ["recordings", recordingId, "download"]);
    return { url: url.href, headers: await this.#client.keyHeaders(signal) };
  }

  /**
   * Opens the bytes of a recording, at the temporary address that the API redirects to or from the API itself.
   * The caller iterates `chunks` to its end or stops; either closes the connection.
   *
   * @throws {VendorNotFoundError} there are no bytes, or not yet.
   * @throws {VendorRedirectError} the temporary address is one that we do not go to.
   * @throws {VendorResponseError} a page or metadata came instead of bytes.
   */
  async downloadRecording(recordingId: string, { signal }: CallOptions = {}): Promise<Download> {
    const { url, headers } = await this.locateRecording(recordingId, { signal });
    return openDownload(this.#client.sendBare, { url: new URL(url), headers, subject: toSubject(recordingId), signal });
  }

  /**
   * Deletes a recording at the vendor, for good.
   *
   * @throws {VendorNotFoundError} the vendor does not know it, or no longer.
   */
  async deleteRecording(recordingId: string, options: CallOptions = {}): Promise<DeletionReply> {
    const subject = toSubject(recordingId);
    const endpoint: Endpoint = { method: "DELETE", path: ["recordings", recordingId], subject };
    return checkRecordingId(recordingId, await this.#request(endpoint, DeletionReply, options));
  }

  /** Breaks off what is under way and closes all connections. The object is not used afterwards. */
  close(): Promise<void> {
    return this.#client.close();
  }

  #control(
    callId: string,
    { action, json }: { action: "start" | "stop" | "pause" | "resume"; json?: object },
    options: CallOptions,
  ): Promise<ControlReply> {
    const path = ["calls", callId, "record", action];
    return this.#request({ method: "POST", path, json, subject: `call ${callId}` }, ControlReply, options);
  }

  async #request<T>(endpoint: Endpoint, schema: Schema<T>, options: CallOptions): Promise<T> {
    const url = toApiUrl(this.#baseUrl, endpoint.path, endpoint.query);
    const { method, json, subject } = endpoint;
    const request = { method, url, json, subject, signal: options.signal };
    return makeRequest(() => requestJson(this.#client, request, schema), options);
  }
}

function toSubject(recordingId: string): string {
  return `recording ${recordingId}`;
}

/** The page writes instants without fractions; a server may know no others. */
function toWholeSeconds(epochMs: number): string {
  return toIsoInstant(epochMs).replace(/\.\d{3}Z$/, "Z");
}

/** A receipt or a record of another recording must never be taken for this one's. */
function checkRecordingId<R extends { readonly recording_id: string }>(recordingId: string, reply: R): R {
  if (reply.recording_id === recordingId) return reply;
  throw new VendorResponseError(toSubject(recordingId), "recording_id: another one than was asked for");
}
