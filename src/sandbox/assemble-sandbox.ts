import type { FastifyInstance } from "fastify";
import type { Clock } from "../core/clock.ts";
import { API_PREFIX, type ApiPorts, createApiServer } from "./api-server.ts";
import { Credentials } from "./credentials.ts";
import type { FaultPorts } from "./faults/add-faults.ts";
import type { FaultPlan } from "./faults/fault-plan.ts";
import { FaultyEvents } from "./faults/faulty-events.ts";
import { FaultyRecordings } from "./faults/faulty-recordings.ts";
import type { Studio } from "./make-recording.ts";
import { Recorder } from "./recorder.ts";
import { RecordingProcessor } from "./recording-processor.ts";
import { RetainedRecordings } from "./retained-recordings.ts";
import type { SandboxOptions } from "./sandbox-options.ts";
import type { SandboxStore } from "./sandbox-store.ts";
import { SeededRandom } from "./seeded-random.ts";
import { createStorageServer, type StorageServer } from "./storage-server.ts";
import { TemporaryLinks } from "./temporary-links.ts";
import { WebhookOutbox } from "./webhook-outbox.ts";

const RETENTION_DAYS = 30;
const TOKEN_LIFE_MS = 3_600_000;

/** Everything of a sandbox, of which nothing listens yet. */
export interface SandboxParts extends Omit<ApiPorts, "storageUrl"> {
  readonly api: FastifyInstance;
  readonly storage: StorageServer;
  readonly otherHost: StorageServer;
  readonly outbox: WebhookOutbox;
  readonly processor: RecordingProcessor;
  readonly retained: RetainedRecordings;
  readonly faults: FaultPorts;
  readonly baseUrl: () => string;
}

/** What a sandbox is built on. */
export interface Foundations {
  readonly studio: Studio;
  readonly store: SandboxStore;
  readonly clock: Clock;
  readonly plan: FaultPlan;
}

/** Puts the parts of a sandbox together, and starts none of them. */
export function assembleSandbox(options: SandboxOptions, { studio, store, clock, plan }: Foundations): SandboxParts {
  const { apiKey, reprDigest = false, retentionDays = RETENTION_DAYS, tokenLifeMs = TOKEN_LIFE_MS } = options;
  const { folder, signal } = studio;
  const api = createApiServer();
  const baseUrl = () => `${api.listeningOrigin}${API_PREFIX}`;
  const faultyEvents = new FaultyEvents(plan);
  const outbox = new WebhookOutbox({
    ...{ folder, secret: options.webhookSecret, url: options.webhookUrl, faults: faultyEvents, signal },
  });
  const links = new TemporaryLinks(clock);
  const retained = new RetainedRecordings({ store, clock, retentionDays });
  const origins = () => ({ storage: storage.server.listeningOrigin, otherHost: otherHost.server.listeningOrigin });
  const faults = { plan, clock, origins };
  const storagePorts = { retained, folder, links, faults, apiKey, reprDigest };
  const storage = createStorageServer(storagePorts);
  const otherHost = createStorageServer(storagePorts);
  const processor = new RecordingProcessor({ store, studio, outbox, clock, baseUrl });
  const quotaBytes = options.quotaBytes ?? Number.POSITIVE_INFINITY;
  return {
    ...{ api, baseUrl, outbox, links, storage, otherHost, processor, store, retained, folder, clock, faults },
    accountId: new SeededRandom(`${options.seed}/account`).hex(32),
    credentials: new Credentials({ apiKey, clock, tokenLifeMs }),
    rateLimited: options.rateLimited ?? true,
    recorder: new Recorder({ store, outbox, processor, clock, quotaBytes }),
    shelf: new FaultyRecordings(retained, plan),
  };
}
