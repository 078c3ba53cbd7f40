import type { Clock } from "../../core/clock.ts";
import type { RecordingId } from "../../core/recording-id.ts";
import { VendorResponseError, VendorUnauthorizedError, VendorUnsupportedError } from "../errors.ts";
import { toApiUrl } from "../http/api-url.ts";
import { HttpClient, type HttpClientOptions } from "../http/http-client.ts";
import { requestJson } from "../http/request-json.ts";
import { makeRequest } from "../make-request.ts";
import type {
  CallOptions,
  Deletion,
  DownloadAddress,
  ListFilter,
  LocateOptions,
  RecordingSource,
  RemoteRecording,
} from "../recording-source.ts";
import { AccountItem, AccountPage } from "../schema.ts";
import { isWithin, toRemoteRecording } from "./account-recording.ts";
import { planSaveWindows, type SaveWindow } from "./save-windows.ts";

/** What an {@link AccountSource} needs. */
export interface AccountSourceOptions extends HttpClientOptions {
  /** @default the one that the key's exchange tells of */
  readonly accountId?: string | undefined;
}

const SUBJECT = "list of recordings";

/** What the server gives by default [K]. */
const PAGE_SIZE = 50;

/** Pages in a row without a recording that is new; start keys that never repeat and never end look like this. */
const MAX_STALE_PAGES = 100;

/**
 * The bytes stand at the recording's own address and come for this wish alone, for WAV too; any other gives the
 * metadata as JSON [K]. How the server weighs several wishes is not known.
 */
const ACCEPT_AUDIO = { accept: "audio/mpeg" };

/**
 * Recordings of one account from the listing that the vendor does not document and the open server behind it likely
 * has [K].
 *
 * @see Kazoo 5.0, `/v2/accounts/{ACCOUNT_ID}/recordings`
 */
export class AccountSource implements RecordingSource {
  readonly traits: RecordingSource["traits"];
  readonly #client: HttpClient;
  readonly #baseUrl: string;
  readonly #accountId: string | undefined;
  readonly #clock: Clock;

  constructor({ accountId, ...options }: AccountSourceOptions) {
    this.#client = new HttpClient(options);
    this.#baseUrl = options.baseUrl;
    this.#accountId = accountId;
    this.#clock = options.clock;
    this.traits = { name: "audian-account", origin: this.#client.origin, deletes: false };
  }

  /**
   * Lists recordings window by window, the oldest first, and each as its page comes. Start keys, unlike offsets, stay
   * where they are while recordings appear and vanish [K].
   *
   * @throws {VendorResponseError} start keys repeat, or bring nothing new and never end.
   */
  async *list(filter: ListFilter, options: CallOptions = {}): AsyncGenerator<RemoteRecording> {
    const known = new Set<RecordingId>();
    for (const window of planSaveWindows(filter, this.#clock.now())) {
      let stalePages = 0;
      for await (const page of this.#readPages(window, options)) {
        const fresh = page.filter(({ recordingId }) => !known.has(recordingId));
        for (const recording of fresh) {
          known.add(recording.recordingId);
          if (isWithin(filter, recording)) yield recording;
        }
        stalePages = fresh.length === 0 ? stalePages + 1 : 0;
        if (stalePages > MAX_STALE_PAGES) throw new VendorResponseError(SUBJECT, "pages without end bring nothing new");
      }
    }
  }

  /**
   * Asks for one recording.
   *
   * @throws {VendorNotFoundError} the vendor does not know it. One that was saved in the month after its start may be
   * listed and not be found [K].
   */
  async get(recordingId: RecordingId, options: CallOptions = {}): Promise<RemoteRecording> {
    const { signal } = options;
    const subject = `recording ${recordingId}`;
    const item = await makeRequest(async () => {
      const url = toApiUrl(this.#baseUrl, [...(await this.#toPath(signal)), recordingId]);
      return requestJson(this.#client, { method: "GET", url, subject, signal }, AccountItem);
    }, options);
    if (item.id !== recordingId) throw new VendorResponseError(subject, "id: another one than was asked for");
    return toRemoteRecording(item);
  }

  async locate(recordingId: RecordingId, { signal, refused }: LocateOptions = {}): Promise<DownloadAddress> {
    if (refused !== undefined && !(await this.#client.renewKey(refused.headers, signal))) {
      throw new VendorUnauthorizedError(`recording ${recordingId}`, 401);
    }
    const url = toApiUrl(this.#baseUrl, [...(await this.#toPath(signal)), recordingId]);
    return { url: url.href, headers: { ...ACCEPT_AUDIO, ...(await this.#client.keyHeaders(signal)) } };
  }

  /** Nothing is known of how the account's listing deletes, and what is not known is not tried on what cannot be had back. */
  async delete(recordingId: RecordingId): Promise<Deletion> {
    throw new VendorUnsupportedError(`deleting recording ${recordingId}`);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async *#readPages(window: SaveWindow, options: CallOptions): AsyncGenerator<readonly RemoteRecording[]> {
    const startKeys = new Set<string | undefined>();
    let startKey: string | undefined;
    do {
      if (startKeys.has(startKey)) throw new VendorResponseError(SUBJECT, "a start key comes twice");
      startKeys.add(startKey);
      const { data, next_start_key: next } = await this.#askForPage(window, startKey, options);
      yield data.map(toRemoteRecording);
      // Absent or empty on the last page [O].
      startKey = next || undefined;
    } while (startKey !== undefined);
  }

  #askForPage(window: SaveWindow, startKey: string | undefined, options: CallOptions): Promise<AccountPage> {
    const { signal } = options;
    const query = {
      created_from: window.fromSeconds,
      created_to: window.toSeconds,
      page_size: PAGE_SIZE,
      start_key: startKey,
    };
    return makeRequest(async () => {
      const url = toApiUrl(this.#baseUrl, await this.#toPath(signal), query);
      return requestJson(
        this.#client,
        { method: "GET", url, subject: SUBJECT, signal, keepsEnvelope: true },
        AccountPage,
      );
    }, options);
  }

  async #toPath(signal: AbortSignal | undefined): Promise<readonly string[]> {
    const accountId = this.#accountId ?? (await this.#client.accountId(signal));
    if (accountId !== undefined) return ["accounts", accountId, "recordings"];
    throw new VendorResponseError("sign-in", "it names no account", { hint: "name the account with --account-id" });
  }
}
