import { access, rm } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import { systemClock } from "../core/clock.ts";
import { canTransition } from "../core/recording.ts";
import type { Secret } from "../core/secret.ts";
import { toSystemCode } from "../io/errors.ts";
import { makeFolder } from "../io/make-folder.ts";
import { addApi } from "./api-server.ts";
import { assembleSandbox, type SandboxParts } from "./assemble-sandbox.ts";
import { SandboxPortError } from "./errors.ts";
import { addFaults } from "./faults/add-faults.ts";
import type { FaultKind } from "./faults/fault-kinds.ts";
import { FaultPlan } from "./faults/fault-plan.ts";
import { loadSpeech } from "./load-speech.ts";
import type { Studio } from "./make-recording.ts";
import { toPastEvents } from "./recording-event.ts";
import { SandboxFolder } from "./sandbox-folder.ts";
import type { SandboxOptions } from "./sandbox-options.ts";
import { SandboxStore } from "./sandbox-store.ts";
import { type RecordingTruth, toTruth } from "./sandbox-truth.ts";
import type { EndedRecording, StoredRecording } from "./schema.ts";
import { seedStore } from "./seed-store.ts";

/** A sandbox that is serving. */
export interface Sandbox {
  /** `http://127.0.0.1:PORT/v2` */
  readonly baseUrl: string;
  /** The account of the other listing, `/accounts/{accountId}/recordings`, which the seed decides. */
  readonly accountId: string;
  readonly apiKey: Secret;
  readonly webhookSecret: Secret;
  /**
   * How many requests to the storage behind download links, or to the other host that a fault leads to, carried a
   * key: a well-made client sends none there.
   */
  readonly leakedKeys: number;
  /** How often each kind of fault struck. */
  readonly faultCounts: ReadonlyMap<FaultKind, number>;
  /** Tells the truth of every recording that can be had. */
  recordings(): readonly RecordingTruth[];
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
  const { seed, clock = systemClock } = options;
  const plan = new FaultPlan(options.faults ?? [], seed);
  const closing = new AbortController();
  const studio = await openStudio(options, closing.signal);
  const store =
    (await SandboxStore.load(studio.folder, options)) ?? (await seedStore(studio, { ...options, nowMs: clock.now() }));
  const parts = assembleSandbox(options, { studio, store, clock, plan });
  const { api, storage, otherHost, outbox, processor, retained } = parts;

  const close = async () => {
    closing.abort();
    await Promise.all([api.close(), storage.server.close(), otherHost.server.close()]);
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
    accountId: parts.accountId,
    apiKey: options.apiKey,
    webhookSecret: options.webhookSecret,
    get leakedKeys() {
      return storage.leakedKeys() + otherHost.leakedKeys();
    },
    faultCounts: plan.counts,
    recordings: () => toTruth(retained, plan),
    close,
  };
}

/** Opens the ports, writes the past down if this is the first start, and takes up what the last one left. */
async function serve(parts: SandboxParts, port: number): Promise<void> {
  const { api, storage, otherHost, store, outbox, processor, folder, baseUrl } = parts;
  await listen(storage.server, 0);
  await listen(otherHost.server, 0);
  addFaults(api, parts.faults);
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
  let speech: ReturnType<typeof loadSpeech> | undefined;
  const speechOnce = () => {
    speech ??= loadSpeech({ ffmpeg, stagingFolder: folder.stagingFolder, signal });
    return speech;
  };
  return { ffmpeg, speech: speechOnce, folder, seed, signal };
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
