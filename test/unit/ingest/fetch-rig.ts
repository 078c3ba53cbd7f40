import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Sidecar } from "../../../src/archive/schema.ts";
import { systemClock } from "../../../src/core/clock.ts";
import { parseRecordingId } from "../../../src/core/recording-id.ts";
import type { RunReport } from "../../../src/core/report.ts";
import { Secret } from "../../../src/core/secret.ts";
import type { DownloadLimits } from "../../../src/ingest/download-task.ts";
import { type FetchRequest, planFetch } from "../../../src/ingest/fetch-plan.ts";
import { type FetchResult, runFetch, toPace, toVendorCall } from "../../../src/ingest/fetch-run.ts";
import { DirectTransfers } from "../../../src/ingest/transfer/direct-transfers.ts";
import { AudianApi } from "../../../src/vendor/documented/audian-api.ts";
import { DocumentedSource } from "../../../src/vendor/documented/documented-source.ts";
import { parseEventLine, type StoredEvent } from "../../../src/vendor/event-file.ts";
import type { DownloadAddress } from "../../../src/vendor/recording-source.ts";
import { listTree } from "../../helpers/list-tree.ts";
import { openTestArchive } from "../../helpers/open-test-archive.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { type LocalServer, openLocalServer, type SeenRequest, sendJson } from "../vendor/local-server.ts";
import { type Answer, whole } from "./transfer/transfer-rig.ts";

export const KEY = "key-that-nobody-must-see";
const RETRY = { attempts: 4, firstDelayMs: 1, maxDelayMs: 2, random: () => 0.5 };

/** One recording at a scripted vendor, which the vendor says is completed and of the size of its bytes. */
export interface ScriptedRecording {
  readonly id: string;
  readonly bytes: Buffer;
  /** What the vendor says otherwise. */
  readonly says?: Readonly<Record<string, unknown>>;
  /** What it says when it is asked for this recording alone. @default what it says in the list */
  readonly saysAlone?: Readonly<Record<string, unknown>>;
  /** How downloads are answered, one after the other; the last stands for all that follow. @default the bytes */
  readonly answers?: readonly Answer[];
}

/** How a fetch differs from one of the whole list without limits. */
export interface FetchWish extends Partial<FetchRequest> {
  readonly limits?: Partial<DownloadLimits>;
  readonly signal?: AbortSignal;
}

/** A vendor and a folder with an archive, which fetches can be run with, each like a process of its own. */
export interface FetchRig {
  readonly server: LocalServer;
  readonly folder: string;
  /** Where bytes are held between two runs. */
  readonly held: string;
  fetch(wish?: FetchWish): Promise<RunReport<FetchResult>>;
  /** How often it was asked where a recording's bytes are. */
  locations(): number;
  /** Requests for the bytes of recordings, in order. */
  downloads(): readonly SeenRequest[];
  /** All files of the archive but its marker, its catalogue and its lock. */
  tree(): Promise<readonly string[]>;
  readSidecar(id: string): Promise<Sidecar>;
  /** Changes what the vendor does from now on. */
  change(...recordings: readonly ScriptedRecording[]): void;
}

export async function openFetchRig(...recordings: readonly ScriptedRecording[]): Promise<FetchRig> {
  const folder = await makeTemporaryFolder();
  let script = toScript(recordings);
  let locations = 0;
  const onLocate = () => {
    locations += 1;
  };
  const server = await openLocalServer((request, response) => script(request, response));
  onTestFinished(() => server.close());
  const archived = join(folder, "archive");
  const held = join(archived, "tmp");
  mkdirSync(held, { recursive: true });
  return {
    server,
    folder,
    held,
    fetch: (wish = {}) => runOnce(folder, { ...wish, baseUrl: `${server.origin}/v2`, onLocate }),
    locations: () => locations,
    downloads: () => server.requests.filter(({ path }) => path.endsWith("/download")),
    tree: async () =>
      (await listTree(archived)).filter((path) => !/^(holdfast\.json|catalogue|ledger\/|tmp\/writer)/.test(path)),
    readSidecar: async (id) => JSON.parse(await readFile(join(archived, `recordings/2024/01/15/${id}.json`), "utf8")),
    change: (...changed) => {
      script = toScript(changed);
    },
  };
}

interface Vendor {
  readonly baseUrl: string;
  readonly onLocate: () => void;
}

/** The real source, which tells when it is asked where bytes are. */
class NotingSource extends DocumentedSource {
  readonly #onLocate: () => void;

  constructor(onLocate: () => void, api: AudianApi) {
    super(api);
    this.#onLocate = onLocate;
  }

  override locate(...asked: Parameters<DocumentedSource["locate"]>): Promise<DownloadAddress> {
    this.#onLocate();
    return super.locate(...asked);
  }
}

/** Fetches the way the command does, with an archive, a source and transfers that are opened for this alone. */
async function runOnce(folder: string, wish: FetchWish & Vendor): Promise<RunReport<FetchResult>> {
  const { baseUrl, onLocate, limits, signal, ...request } = wish;
  const archive = await openTestArchive(folder);
  const source = new NotingSource(
    onLocate,
    new AudianApi({ baseUrl, apiKey: new Secret(KEY), auth: "token", allowPrivateHosts: false, timeoutMs: 20_000 }),
  );
  const [concurrency, perSecond, clock] = [2, undefined, systemClock];
  const hosts = { baseUrl, allowPrivateHosts: false, timeoutMs: 20_000 };
  const transfers = new DirectTransfers({ ...hosts, concurrency, bytesPerSecond: undefined });
  const pace = toPace({ concurrency, perSecond, retry: RETRY, clock });
  const patience = { pace, retry: RETRY, signal };
  try {
    const wanted = { filter: {}, events: [], recordingIds: [], ...request };
    const plan = await planFetch({ archive, source }, wanted, { concurrency, call: toVendorCall(patience) });
    const own = { maxFileSizeBytes: undefined, readsTwice: false, ...limits };
    return await runFetch({ archive, source, transfers }, plan, { ...patience, concurrency, clock, limits: own });
  } finally {
    await Promise.all([source.close(), transfers.close(), archive.close()]);
  }
}

function toScript(recordings: readonly ScriptedRecording[]) {
  const left = new Map(recordings.map(({ id, bytes, answers = [whole({}, bytes)] }) => [id, [...answers]]));
  return (request: SeenRequest, response: ServerResponse): void => {
    const [, , , id, action] = new URL(request.path, "http://localhost").pathname.split("/");
    const found = recordings.find((recording) => recording.id === id);
    if (id === undefined) sendJson(response, toList(recordings));
    else if (found === undefined) sendJson(response, { error: "not_found", code: 404 }, 404);
    else if (action === undefined) sendJson(response, { ...toRow(found), ...found.saysAlone });
    else answerNext(left.get(id) ?? [], request, response);
  };
}

function answerNext(answers: Answer[], request: SeenRequest, response: ServerResponse): void {
  const answer = answers.length > 1 ? answers.shift() : answers[0];
  answer?.(response, request);
}

function toList(recordings: readonly ScriptedRecording[]) {
  const total = recordings.length;
  return { data: recordings.map(toRow), pagination: { total, limit: 50, offset: 0, has_more: false } };
}

function toRow({ id, bytes, says }: ScriptedRecording) {
  const own = { recording_id: id, call_id: `call_${id}`, file_size: bytes.length, status: "completed" };
  return { ...own, created_at: "2024-01-15T10:35:10Z", ...says };
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Gives bytes of which one bit is another. */
export function toFlipped(bytes: Buffer, offset: number): Buffer {
  const other = Buffer.from(bytes);
  other.writeUInt8(other.readUInt8(offset) ^ 1, offset);
  return other;
}

/** The event that a recording is completed, with a checksum. */
export function completed(id: string, value: string, signature: StoredEvent["signature"] = "verified"): StoredEvent {
  const subject = { recording_id: parseRecordingId(id), call_id: `call_${id}` };
  const data = { ...subject, completed_at: "2024-01-15T10:36:00Z", checksum: { algorithm: "sha256", value } };
  const line = JSON.stringify({ event: "recording.completed", data });
  return { ...parseEventLine(line, { lineNumber: 1 }), signature };
}

/** Answers with a status and nothing else. */
export function refuse(status: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return (response) => response.writeHead(status, headers).end();
}
