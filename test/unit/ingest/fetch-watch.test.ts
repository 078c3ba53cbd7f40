import { readdirSync, readFileSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { Doorbell } from "../../../src/async/doorbell.ts";
import { systemClock } from "../../../src/core/clock.ts";
import { parseRecordingId } from "../../../src/core/recording-id.ts";
import type { RunReport } from "../../../src/core/report.ts";
import { Secret } from "../../../src/core/secret.ts";
import { type FetchResult, toPace } from "../../../src/ingest/fetch-run.ts";
import { type WatchRequest, watchFetch } from "../../../src/ingest/fetch-watch.ts";
import type { EventFile } from "../../../src/ingest/read-events.ts";
import { DirectTransfers } from "../../../src/ingest/transfer/direct-transfers.ts";
import { NotFoundError } from "../../../src/io/errors.ts";
import { AudianApi } from "../../../src/vendor/documented/audian-api.ts";
import { DocumentedSource } from "../../../src/vendor/documented/documented-source.ts";
import {
  VendorListIncompleteError,
  VendorNotFoundError,
  VendorResponseError,
  VendorUnauthorizedError,
  VendorUnavailableError,
} from "../../../src/vendor/errors.ts";
import type { StoredEvent } from "../../../src/vendor/event-file.ts";
import type { ListFilter, RemoteRecording } from "../../../src/vendor/recording-source.ts";
import { openTestArchive } from "../../helpers/open-test-archive.ts";
import { readFixture } from "../../helpers/store-recording.ts";
import { completed, type FetchRig, KEY, openFetchRig, refuse, sha256Of } from "./fetch-rig.ts";
import { whole } from "./transfer/transfer-rig.ts";

const bytes = await readFixture("mp3-64k-16000.mp3");
const digest = sha256Of(bytes);
const OTHER = "cd".repeat(32);
const RETRY = { attempts: 2, firstDelayMs: 1, maxDelayMs: 2, random: () => 0.5 };
/** The recordings of the rig were made five minutes ago. */
const NOW_MS = Date.parse("2024-01-15T10:40:10Z");
const DAY_MS = 86_400_000;
const NONE: EventFile = { events: [], failures: [], findings: [] };
const HOUR_MS = 3_600_000;

type Question = "list" | "get";

/** The real source, which keeps what it is asked, and fails as the test wants. */
class AskedSource extends DocumentedSource {
  readonly asked: string[] = [];
  readonly filters: ListFilter[] = [];
  readonly #fail: (question: Question, count: number) => Error | undefined;

  constructor(origin: string, fail: (question: Question, count: number) => Error | undefined) {
    const baseUrl = `${origin}/v2`;
    const apiKey = new Secret(KEY);
    super(new AudianApi({ baseUrl, apiKey, auth: "token", allowPrivateHosts: false, timeoutMs: 20_000 }));
    this.#fail = fail;
  }

  /** Gives what there is before it fails. */
  override async *list(...asked: Parameters<DocumentedSource["list"]>): AsyncGenerator<RemoteRecording> {
    this.asked.push("list");
    this.filters.push(asked[0]);
    yield* super.list(...asked);
    this.#failOr("list", this.filters.length);
  }

  override get(...asked: Parameters<DocumentedSource["get"]>): Promise<RemoteRecording> {
    this.asked.push(asked[0]);
    this.#failOr("get", this.asked.filter((question) => question !== "list").length);
    return super.get(...asked);
  }

  #failOr(question: Question, count: number): void {
    const error = this.#fail(question, count);
    if (error !== undefined) throw error;
  }
}

interface WatchWish extends Partial<WatchRequest> {
  readonly rounds: number;
  readonly pollMs?: number;
  readonly nowMs?: number;
  readonly fail?: (question: Question, count: number) => Error | undefined;
  /** Called after each round, with its number from 1 on. */
  readonly after?: (round: number, bell: Doorbell) => void;
}

interface Watched {
  readonly report: RunReport<FetchResult>;
  readonly rounds: readonly RunReport<FetchResult>[];
  readonly troubles: readonly unknown[];
  readonly source: AskedSource;
}

/** Watches for so many rounds, or until it ends by itself. */
async function watch(rig: FetchRig, wish: WatchWish): Promise<Watched> {
  const { rounds, pollMs = 1, nowMs = NOW_MS, fail = () => undefined, after, ...own } = wish;
  const archive = await openTestArchive(rig.folder);
  const source = new AskedSource(rig.server.origin, fail);
  const [concurrency, clock] = [2, { now: () => nowMs }];
  const hosts = { baseUrl: `${rig.server.origin}/v2`, allowPrivateHosts: false, timeoutMs: 20_000 };
  const transfers = new DirectTransfers({ ...hosts, concurrency, bytesPerSecond: undefined });
  onTestFinished(async () => void (await Promise.all([source.close(), transfers.close()])));
  const pace = toPace({ concurrency, perSecond: undefined, retry: RETRY, clock: systemClock });
  const stopping = new AbortController();
  const bell = new Doorbell();
  const reports: RunReport<FetchResult>[] = [];
  const troubles: unknown[] = [];
  const request = { filter: {}, recordingIds: [], knownEvents: [], takeEvents: async () => NONE, ...own };
  const report = await watchFetch({ archive, source, transfers }, request, {
    ...{ pace, retry: RETRY, concurrency, clock, bell, pollMs, signal: stopping.signal },
    limits: { maxFileSizeBytes: undefined, readsTwice: false },
    onPlan: () => undefined,
    onRound: (round) => {
      reports.push(round);
      if (reports.length === rounds) stopping.abort();
      else after?.(reports.length, bell);
    },
    onTrouble: (error) => troubles.push(error),
  }).finally(() => archive.close());
  return { report, rounds: reports, troubles, source };
}

/** Gives each batch once, one a call. */
function inTurn(...batches: readonly (readonly StoredEvent[])[]): () => Promise<EventFile> {
  const left = [...batches];
  return async () => ({ ...NONE, events: left.shift() ?? [] });
}

function statuses({ results }: RunReport<FetchResult>): readonly string[] {
  return results.map(({ recordingId, status }) => `${recordingId} ${status}`).toSorted();
}

describe("what an event promises", () => {
  test("holds until the recording is stored, also when a later event promises nothing", async () => {
    const rig = await openFetchRig({ id: "rec_1", bytes });
    const takeEvents = inTurn([completed("rec_1", OTHER)], [completed("rec_1", "abcdef0123456789")]);
    const { report, rounds } = await watch(rig, { rounds: 3, takeEvents });
    expect(rounds.map(statuses)).toEqual([["rec_1 failed"], ["rec_1 failed"], []]);
    expect(report.failures).toMatchObject([{ subject: "rec_1", code: "DIGEST_MISMATCH" }]);
    expect((await rig.tree()).filter((path) => path.startsWith("recordings"))).toEqual([]);
  });

  test("proves what came only later", async () => {
    const rig = await openFetchRig({ id: "rec_1", bytes, says: { status: "processing" } });
    const events = { takeEvents: inTurn([completed("rec_1", digest)]) };
    const after = () => rig.change({ id: "rec_1", bytes });
    const { rounds } = await watch(rig, { rounds: 2, ...events, after });
    expect(rounds.map(statuses)).toEqual([["rec_1 skipped"], ["rec_1 fetched"]]);
    expect((await rig.readSidecar("rec_1")).evidence).toMatchObject({ grade: "vendor-digest" });
  });
});

describe("what is asked for again", () => {
  const unlisted = { filter: { sinceMs: NOW_MS - 60_000 } };

  test("what the vendor would not tell about, also when many failed with one error", async () => {
    const rig = await openFetchRig({ id: "rec_1", bytes }, { id: "rec_2", bytes });
    const ids = ["rec_1", "rec_2"].map((id) => parseRecordingId(id));
    const shared = new VendorNotFoundError("all of it");
    const fail = (question: Question, count: number) => (question === "get" && count <= 2 ? shared : undefined);
    const { report, rounds } = await watch(rig, { rounds: 2, ...unlisted, recordingIds: ids, fail });
    expect(rounds.map(statuses)).toEqual([[], ["rec_1 fetched", "rec_2 fetched"]]);
    expect(report).toMatchObject({ failures: [], counts: { planned: 2, done: 2 } });
  });

  test("downloads that failed in a way that may pass, and no others", async () => {
    const away = [refuse(503), refuse(503), whole({}, bytes)];
    const page = Buffer.from("<html></html>");
    const rig = await openFetchRig({ id: "rec_1", bytes, answers: away }, { id: "rec_2", bytes: page });
    const ids = ["rec_1", "rec_2"].map((id) => parseRecordingId(id));
    const { rounds, source } = await watch(rig, { rounds: 2, ...unlisted, recordingIds: ids });
    expect(rounds[0]?.results.map(({ recordingId, retryable }) => [recordingId, retryable]).toSorted()).toEqual([
      ["rec_1", true],
      ["rec_2", false],
    ]);
    expect(rounds.map(statuses)).toEqual([["rec_1 failed", "rec_2 failed"], ["rec_1 fetched"]]);
    expect(source.asked.filter((id) => id === "rec_2")).toHaveLength(1);
  });
});

describe("the list", () => {
  test("is read anew from a day before the last look on", async () => {
    const rig = await openFetchRig();
    const { source } = await watch(rig, { rounds: 2 });
    expect(source.filters).toEqual([{ sinceMs: undefined }, { sinceMs: NOW_MS - DAY_MS }]);
  });

  test("is read from where it was, and is a failure, until it was had whole", async () => {
    const rig = await openFetchRig({ id: "rec_1", bytes });
    const short = new VendorListIncompleteError({ expectedCount: 2, foundCount: 1 });
    const fail = (question: Question, count: number) => (question === "list" && count <= 2 ? short : undefined);
    const { rounds, report, source } = await watch(rig, { rounds: 4, fail });
    expect(source.filters.map(({ sinceMs }) => sinceMs)).toEqual([undefined, undefined, undefined, NOW_MS - DAY_MS]);
    expect(rounds.map(({ failures }) => failures.length)).toEqual([1, 1, 0, 0]);
    expect(report).toMatchObject({ failures: [], counts: { planned: 1, done: 1, failed: 0 } });
  });

  test("is not read for what an event names", async () => {
    const rig = await openFetchRig({ id: "rec_1", bytes }, { id: "rec_2", bytes });
    const { source, rounds } = await watch(rig, {
      ...{ rounds: 3, pollMs: HOUR_MS, filter: { sinceMs: NOW_MS } },
      takeEvents: inTurn([], [completed("rec_1", digest)], [completed("rec_2", digest)]),
      after: (_, bell) => bell.ring(),
    });
    expect(source.asked).toEqual(["list", "rec_1", "rec_2"]);
    expect(rounds.map(statuses)).toEqual([[], ["rec_1 fetched"], ["rec_2 fetched"]]);
  });

  test.each([
    ["a page", new VendorResponseError("list of recordings", "no JSON")],
    ["404", new VendorNotFoundError("list of recordings")],
    ["nothing", new VendorUnavailableError("list of recordings", "no answer")],
  ])("may be answered with %s; what needs no list is fetched meanwhile", async (_, error) => {
    const rig = await openFetchRig({ id: "rec_1", bytes }, { id: "rec_2", bytes });
    const fail = (question: Question, count: number) => (question === "list" && count === 1 ? error : undefined);
    const found = { kind: "signature-invalid", subject: "events:2", message: "wrong", detail: {} } as const;
    const batches = [{ ...NONE, events: [completed("rec_1", digest)], findings: [found] }];
    const takeEvents = async () => batches.shift() ?? NONE;
    const { rounds, report, troubles } = await watch(rig, { rounds: 2, fail, takeEvents });
    expect(troubles).toEqual([error]);
    expect(rounds.map(statuses)).toEqual([["rec_1 fetched"], ["rec_1 already", "rec_2 fetched"]]);
    expect(report).toMatchObject({ outcome: "cancelled", failures: [], findings: [found] });
  });
});

describe("what a round stored", () => {
  const ledgerOf = ({ folder }: FetchRig) => join(folder, "archive/ledger");
  /** How many events there are, and how many of them the newest checkpoint covers. */
  const look = (rig: FetchRig) => {
    const events = readFileSync(join(ledgerOf(rig), "events.ndjson"), "utf8").split("\n").length - 1;
    const names = readdirSync(join(ledgerOf(rig), "checkpoints")).sort();
    return { events, signed: Number(names.at(-1)) };
  };

  test("is signed when the round ends", async () => {
    const rig = await openFetchRig({ id: "rec_1", bytes });
    const seen: ReturnType<typeof look>[] = [];
    await watch(rig, { rounds: 2, after: () => seen.push(look(rig)) });
    expect(seen).toEqual([{ events: 2, signed: 2 }]);
  });

  test("is signed by a later round where it could not be; that is told, and ends nothing", async () => {
    const rig = await openFetchRig({ id: "rec_1", bytes });
    const [checkpoints, away] = ["checkpoints", "away"].map((name) => join(ledgerOf(rig), name)) as [string, string];
    const obstruct = async () => {
      await rename(checkpoints, away);
      await writeFile(checkpoints, "in the way");
    };
    const clear = async () => {
      await rename(checkpoints, join(ledgerOf(rig), "obstacle"));
      await rename(away, checkpoints);
    };
    const turns = [obstruct, clear];
    const takeEvents = async () => {
      await turns.shift()?.();
      return NONE;
    };
    const seen: ReturnType<typeof look>[] = [];
    const after = (round: number) => void (round === 2 && seen.push(look(rig)));
    const { rounds, troubles } = await watch(rig, { rounds: 3, takeEvents, after });
    expect(rounds.map(statuses)).toEqual([["rec_1 fetched"], ["rec_1 already"], ["rec_1 already"]]);
    expect(troubles).toMatchObject([{ code: "STORAGE_UNAVAILABLE" }]);
    expect(seen).toEqual([{ events: 2, signed: 2 }]);
  });
});

describe("errors that no later round would mend", () => {
  test("a refused key ends it, with a report of what was done", async () => {
    const rig = await openFetchRig({ id: "rec_1", bytes });
    const refused = new VendorUnauthorizedError("list of recordings", 401);
    const fail = (question: Question, count: number) => (question === "list" && count === 2 ? refused : undefined);
    const { report, troubles } = await watch(rig, { rounds: 9, fail });
    expect(report).toMatchObject({
      outcome: "failed",
      counts: { planned: 2, done: 1, failed: 1, bytes: bytes.length },
    });
    expect(report.failures).toMatchObject([{ subject: "watch", code: "VENDOR_UNAUTHORIZED" }]);
    expect([statuses(report), troubles]).toEqual([["rec_1 fetched"], []]);
  });

  test("so does a file of events that is gone", async () => {
    const takeEvents = () => Promise.reject(new NotFoundError("not found: events.ndjson"));
    const { report } = await watch(await openFetchRig(), { rounds: 9, takeEvents });
    expect(report.failures).toMatchObject([{ subject: "watch", code: "STORAGE_NOT_FOUND" }]);
  });

  test("a bug is no report", async () => {
    const takeEvents = () => Promise.reject(new TypeError("a bug"));
    await expect(watch(await openFetchRig(), { rounds: 9, takeEvents })).rejects.toThrow(TypeError);
  });
});

describe("events from before", () => {
  const filter = { sinceMs: NOW_MS };

  test("are a reason to ask for what the archive does not have, and for nothing else", async () => {
    const rig = await openFetchRig(...["rec_1", "rec_2"].map((id) => ({ id, bytes })));
    const [first, second] = [completed("rec_1", digest), completed("rec_2", digest)];
    await watch(rig, { rounds: 1, filter, takeEvents: inTurn([first]) });
    const { report, source } = await watch(rig, { rounds: 2, filter, knownEvents: [first, second] });
    expect(source.asked).toEqual(["list", "rec_2", "list"]);
    expect(statuses(report)).toEqual(["rec_2 fetched"]);
    const stored = JSON.parse(await readFile(join(rig.folder, "archive/recordings/2024/01/15/rec_2.json"), "utf8"));
    expect(stored.evidence.grade).toBe("vendor-digest");
  });

  test("are none when the vendor has deleted what they name", async () => {
    const rig = await openFetchRig({ id: "rec_1", bytes });
    const nowMs = NOW_MS + 30 * DAY_MS;
    const { source } = await watch(rig, { rounds: 1, nowMs, filter, knownEvents: [completed("rec_1", digest)] });
    expect(source.asked).toEqual(["list"]);
  });
});
