import { access, rm } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import { type Clock, systemClock } from "../core/clock.ts";
import { canTransition } from "../core/recording.ts";
import type { Secret } from "../core/secret.ts";
import type { Ffmpeg } from "../ffmpeg/ffmpeg.ts";
import { toSystemCode } from "../io/errors.ts";
import { makeFolder } from "../io/make-folder.ts";
import { API_PREFIX, type ApiPorts, addApi, createApiServer } from "./api-server.ts";
import { SandboxPortError } from "./errors.ts";
import { loadSpeech } from "./load-speech.ts";
import type { Studio } from "./make-recording.ts";
import { Recorder } from "./recorder.ts";
import { toPastEvents } from "./recording-event.ts";
import { RecordingProcessor } from "./recording-processor.ts";
import { SandboxFolder } from "./sandbox-folder.ts";
import { type SandboxSeed, SandboxStore } from "./sandbox-store.ts";
import type { EndedRecording, StoredRecording } from "./schema.ts";
import { seedStore } from "./seed-store.ts";
import { createStorageServer, type StorageServer } from "./storage-server.ts";
import { TemporaryLinks } from "./temporary-links.ts";
import { WebhookOutbox } from "./webhook-outbox.ts";

/** What a sandbox is made of. The seed decides ids, numbers, lengths, formats and how long before the first start. */
export interface SandboxOptions extends SandboxSeed {
  /** Its data folder; a later start with the same seed goes on from what is there. */
  readonly directory: string;
  readonly ffmpeg: Ffmpeg;
  readonly apiKey: Secret;
  readonly webhookSecret: Secret;
  /** Receives webhooks, if any; `events.ndjson` in the data folder holds them in any case. */
  readonly webhookUrl?: string | undefined;
  /** @default 0, any free port */
  readonly port?: number | undefined;
  /** Above so many bytes nothing more is recorded. @default no limit */
  readonly quotaBytes?: number | undefined;
  /** @default the machine's own */
  readonly clock?: Clock | undefined;
  /** Ends the seeding, and later every encoding under way. */
  readonly signal?: AbortSignal | undefined;
}

/** A sandbox that is serving. */
export interface Sandbox {
  /** `http://127.0.0.1:PORT/v2` */
  readonly baseUrl: string;
  readonly apiKey: Secret;
  readonly webhookSecret: Secret;
  /** How many requests to the storage behind download links carried a key: a well-made client sends none there. */
  readonly leakedKeys: number;
  /** Stops serving, encoding and sending; resolves when all of it has ended. */
  close(): Promise<void>;
}

const HOST = "127.0.0.1";

/**
 * Starts a server with the vendor's documented API, real audio and signed webhooks, on this machine only. A first
 * start makes `seedCalls` recordings, which takes seconds; a later one takes them as they are.
 *
 * @throws {SandboxFolderError} the folder belongs to another seed.
 * @throws {SandboxPortError} the port is taken.
 * @throws {FfmpegFailedError} the recordings could not be made.
 * @see Vendor API page "Call Recording"
 */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { seed, seedCalls, clock = systemClock } = options;
  const closing = new AbortController();
  const studio = await openStudio(options, closing.signal);
  const store =
    (await SandboxStore.load(studio.folder, options)) ??
    (await seedStore(studio, { seed, seedCalls, nowMs: clock.now() }));
  const parts = assemble(options, { studio, store, clock });
  const { api, storage, outbox, processor } = parts;

  const close = async () => {
    closing.abort();
    await Promise.all([api.close(), storage.server.close()]);
    await processor.settled();
    await outbox.settled();
  };
  try {
    await serve(parts, options.port ?? 0);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    baseUrl: parts.baseUrl(),
    apiKey: options.apiKey,
    webhookSecret: options.webhookSecret,
    get leakedKeys() {
      return storage.leakedKeys();
    },
    close,
  };
}

interface Parts extends Omit<ApiPorts, "storageUrl"> {
  readonly api: FastifyInstance;
  readonly storage: StorageServer;
  readonly outbox: WebhookOutbox;
  readonly processor: RecordingProcessor;
  readonly baseUrl: () => string;
}

function assemble(
  { apiKey, webhookSecret, webhookUrl, quotaBytes = Number.POSITIVE_INFINITY }: SandboxOptions,
  { studio, store, clock }: { studio: Studio; store: SandboxStore; clock: Clock },
): Parts {
  const { folder, signal } = studio;
  const api = createApiServer();
  const baseUrl = () => `${api.listeningOrigin}${API_PREFIX}`;
  const outbox = new WebhookOutbox({ folder, secret: webhookSecret, url: webhookUrl, signal });
  const links = new TemporaryLinks(clock);
  const storage = createStorageServer({ store, folder, links });
  const processor = new RecordingProcessor({ store, studio, outbox, clock, baseUrl });
  const recorder = new Recorder({ store, outbox, processor, clock, quotaBytes });
  return { api, apiKey, baseUrl, outbox, links, storage, processor, recorder, store, folder, clock };
}

/** Opens both ports, writes the past down if this is the first start, and takes up what the last one left. */
async function serve(parts: Parts, port: number): Promise<void> {
  const { api, storage, store, outbox, processor, folder, baseUrl } = parts;
  await listen(storage.server, 0);
  addApi(api, { ...parts, storageUrl: storage.server.listeningOrigin });
  await listen(api, port);
  if (!(await exists(folder.eventsFile))) await outbox.record(toPastEvents(store.recordings(), baseUrl()));
  for (const recording of store.recordings().filter(isUnprocessed)) processor.submit(recording);
}

async function openStudio(options: SandboxOptions, closing: AbortSignal): Promise<Studio> {
  const { directory, ffmpeg, seed } = options;
  const signal = options.signal === undefined ? closing : AbortSignal.any([options.signal, closing]);
  const folder = new SandboxFolder(directory);
  await rm(folder.stagingFolder, { recursive: true, force: true });
  await makeFolder(folder.stagingFolder);
  const speech = await loadSpeech({ ffmpeg, stagingFolder: folder.stagingFolder, signal });
  return { ffmpeg, speech, folder, seed, signal };
}

async function listen(server: FastifyInstance, port: number): Promise<void> {
  try {
    await server.listen({ host: HOST, port });
  } catch (error) {
    throw new SandboxPortError(port, { cause: error });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (toSystemCode(error) === "ENOENT") return false;
    throw error;
  }
}

/** A sandbox that was closed while it encoded has rows that wait for it. */
function isUnprocessed(recording: StoredRecording): recording is EndedRecording {
  return recording.end !== undefined && canTransition(recording.status, "failed");
}
