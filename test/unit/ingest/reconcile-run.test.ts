import { mkdir, rename, rm, symlink, truncate } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { NothingToDoError } from "../../../src/core/errors.ts";
import { parseRecordingId, type RecordingId } from "../../../src/core/recording-id.ts";
import type { ReconcilePorts } from "../../../src/ingest/reconcile-gather.ts";
import { type ReconcileOptions, type ReconcileReport, runReconcile } from "../../../src/ingest/reconcile-run.ts";
import { VendorNotFoundError, VendorResponseError, VendorUnavailableError } from "../../../src/vendor/errors.ts";
import { parseEventLine } from "../../../src/vendor/event-file.ts";
import type { CallOptions, ListFilter, RemoteRecording } from "../../../src/vendor/recording-source.ts";
import { openTestArchive } from "../../helpers/open-test-archive.ts";
import { readFixture, storeRecording } from "../../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

/** Stored recordings are of 15 January, 10:35:10. */
const NOW = "2024-01-20T00:00:00.000Z";
const CREATED_AT = "2024-01-15T10:35:10.000Z";
const NONE = { events: [], failures: [], findings: [] };
const wav = await readFixture("wav-256k-16000.wav");

interface Remote {
  readonly createdAt?: string;
  readonly status?: RemoteRecording["status"];
  readonly callId?: string;
  /** Known by its id, and not in the list. */
  readonly isUnlisted?: boolean;
  readonly fails?: Error;
}

/** A vendor that has these recordings, and writes down which of them it was asked for. */
class MemorySource implements Pick<ReconcilePorts["source"], "list" | "get"> {
  readonly asked: string[] = [];
  readonly #held: Readonly<Record<string, Remote>>;
  /** Refuses so many pages, of one row each. */
  failures = 0;

  constructor(held: Readonly<Record<string, Remote>>) {
    this.#held = held;
  }

  async *list(
    { callId, sinceMs = -Infinity, untilMs = Infinity }: ListFilter,
    { call = (request) => request() }: CallOptions = {},
  ): AsyncGenerator<RemoteRecording> {
    for (const [id, remote] of Object.entries(this.#held)) {
      const row = toRow(id, remote);
      const isWithin = row.createdAtMs >= sinceMs && row.createdAtMs < untilMs;
      if (!remote.isUnlisted && isWithin && (callId ?? row.callId) === row.callId) yield row;
      await call(async () => {
        this.failures -= 1;
        if (this.failures >= 0) throw new VendorUnavailableError("list of recordings", "status 503");
      });
    }
  }

  async get(recordingId: RecordingId): Promise<RemoteRecording> {
    this.asked.push(recordingId);
    const remote = this.#held[recordingId];
    if (remote === undefined) throw new VendorNotFoundError(recordingId);
    if (remote.fails !== undefined) throw remote.fails;
    return toRow(recordingId, remote);
  }
}

function toRow(id: string, { createdAt = CREATED_AT, status = "completed", callId = "call_1" }: Remote) {
  return {
    ...{ recordingId: parseRecordingId(id), callId, status, createdAtMs: Date.parse(createdAt) },
    ...{ completedAtMs: undefined, durationSeconds: undefined, sizeBytes: undefined, format: undefined },
    ...{ bitrateKbps: undefined, sampleRateHz: undefined, channels: undefined, sha256: undefined },
    ...{ from: undefined, to: undefined, direction: undefined },
  };
}

function completed(id: string, completedAt = "2024-01-15T10:36:00Z", checksum?: string) {
  const digest = checksum === undefined ? {} : { checksum: { algorithm: "sha256", value: checksum } };
  const data = { recording_id: id, call_id: "call_1", completed_at: completedAt, ...digest };
  return parseEventLine(JSON.stringify({ event: "recording.completed", data }), { lineNumber: 1 });
}

type Changes = Partial<ReconcileOptions> & { readonly filter?: ListFilter; readonly now?: string };

function run(
  ports: ReconcilePorts,
  events: typeof NONE | object = {},
  changes: Changes = {},
): Promise<ReconcileReport> {
  const { filter = {}, now = NOW, ...options } = changes;
  return runReconcile(
    ports,
    { filter, events: { ...NONE, ...events } },
    {
      clock: { now: () => Date.parse(now) },
      concurrency: 3,
      retentionDays: 30,
      retry: { attempts: 2, firstDelayMs: 1, maxDelayMs: 1, random: () => 0 },
      ...options,
    },
  );
}

function verdicts({ results }: ReconcileReport): Readonly<Record<string, string>> {
  return Object.fromEntries(results.map(({ recordingId, status, reason }) => [recordingId, `${status} ${reason}`]));
}

async function openArchiveWith(...ids: readonly string[]) {
  const folder = await makeTemporaryFolder();
  const archive = await openTestArchive(folder);
  for (const id of ids) await storeRecording(archive, id, wav);
  return { archive, originalOf: (id: string) => join(folder, "archive/recordings/2024/01/15", `${id}.wav`) };
}

test("all sides agree when the archive has what list and webhooks name", async () => {
  const { archive } = await openArchiveWith("rec_1", "rec_2");
  const source = new MemorySource({ rec_1: {}, rec_2: {} });
  const report = await run({ source, archive }, { events: [completed("rec_1")] });
  expect(report).toMatchObject({ outcome: "ok", watermark: NOW, listAskedAt: NOW, findings: [], failures: [] });
  expect(report.counts).toMatchObject({ planned: 2, done: 2, failed: 0, findings: 0 });
  expect(report.results.map(({ inList, inEvents, inArchive }) => [inList, inEvents, inArchive])).toEqual([
    [true, true, true],
    [true, false, true],
  ]);
  expect(source.asked).toEqual([]);
});

test("the archive is what lies on its disk, not what its catalogue says", async () => {
  const { archive, originalOf } = await openArchiveWith("whole", "gone", "cut", "folder");
  await rm(originalOf("gone"));
  await rm(originalOf("folder"));
  await mkdir(originalOf("folder"));
  await truncate(originalOf("cut"), 100);
  const report = await run({ source: new MemorySource({ whole: {}, gone: {}, cut: {}, folder: {} }), archive });
  expect(verdicts(report)).toEqual({
    gone: "gap original-missing",
    folder: "gap original-missing",
    cut: "gap original-damaged",
    whole: "agreed archived",
  });
  expect(report.findings).toContainEqual(
    expect.objectContaining({ kind: "size-mismatch", detail: { expected: wav.length, found: 100 } }),
  );
  expect(report).toMatchObject({ outcome: "findings", watermark: CREATED_AT });
});

test("where the list is silent the vendor is asked, but not for what it was to delete", async () => {
  const { archive } = await openArchiveWith("kept", "purged");
  const source = new MemorySource({ kept: { isUnlisted: true }, late: { isUnlisted: true } });
  const events = [completed("late"), completed("never"), completed("purged")];
  const young = await run({ source, archive }, { events });
  expect(verdicts(young)).toEqual({
    late: "gap not-fetched",
    never: "gap not-at-vendor",
    kept: "pending not-listed",
    purged: "agreed deleted-early",
  });
  expect(source.asked.toSorted()).toEqual(["kept", "late", "never", "purged"]);

  const emptied = new MemorySource({});
  const old = await run({ source: emptied, archive }, { events }, { now: "2024-03-01T00:00:00Z" });
  expect(verdicts(old)).toEqual({
    late: "lost not-fetched",
    never: "lost not-fetched",
    kept: "agreed past-retention",
    purged: "agreed past-retention",
  });
  expect(emptied.asked.toSorted()).toEqual(["late", "never"]);
});

test("a recording that the vendor gives no answer about is neither settled nor a gap", async () => {
  const { archive } = await openArchiveWith("rec_1");
  const fails = new VendorUnavailableError("recording rec_2", "status 503");
  const source = new MemorySource({ rec_1: {}, rec_2: { isUnlisted: true, fails } });
  const report = await run({ source, archive }, { events: [completed("rec_2")] });
  expect(verdicts(report)).toEqual({ rec_1: "agreed archived", rec_2: "failed vendor-unknown" });
  expect(report).toMatchObject({ outcome: "partial", watermark: "2024-01-15T10:36:00.000Z" });
  expect(report.failures).toMatchObject([{ subject: "rec_2", code: "VENDOR_UNAVAILABLE" }]);
  expect(source.asked).toEqual(["rec_2", "rec_2"]);
});

test("an original that cannot be looked at is a failure, and stops nothing else", async () => {
  const { archive, originalOf } = await openArchiveWith("rec_1");
  const folder = dirname(originalOf("rec_1"));
  await rename(folder, `${folder}-away`);
  await symlink(folder, folder);
  const report = await run({ source: new MemorySource({ rec_1: {}, rec_2: { status: "failed" } }), archive });
  expect(verdicts(report)).toEqual({ rec_1: "failed archive-unknown", rec_2: "agreed failed-at-vendor" });
  expect(report).toMatchObject({ outcome: "partial", watermark: CREATED_AT });
  expect(report.failures).toMatchObject([{ subject: "rec_1", code: "STORAGE_UNAVAILABLE" }]);
});

test("what webhooks alone say has failed is not asked for", async () => {
  const { archive } = await openArchiveWith();
  const data = { recording_id: "rec_1", call_id: "call_1", failed_at: "2024-01-15T10:36:00Z", reason: "storage_error" };
  const failed = parseEventLine(JSON.stringify({ event: "recording.failed", data }), { lineNumber: 1 });
  const source = new MemorySource({});
  expect(verdicts(await run({ source, archive }, { events: [failed] }))).toEqual({ rec_1: "agreed failed-at-vendor" });
  expect(source.asked).toEqual([]);
});

describe("an incomplete list is never taken as the whole", () => {
  test("a page that is refused is asked for again", async () => {
    const source = new MemorySource({ rec_1: {}, rec_2: {} });
    source.failures = 1;
    expect(Object.keys(verdicts(await run({ source, archive: undefined })))).toEqual(["rec_1", "rec_2"]);
  });

  test("and fails the run when it stays so", async () => {
    const { archive } = await openArchiveWith("rec_1");
    const source = new MemorySource({ rec_1: {}, rec_2: {} });
    source.failures = 9;
    await expect(run({ source, archive })).rejects.toThrow(VendorUnavailableError);
  });
});

describe("only what lies within the filter is looked at", () => {
  const NEXT_DAY = "2024-01-16T00:00:00Z";
  const HELD: Readonly<Record<string, Remote>> = {
    rec_1: {},
    rec_2: { createdAt: NEXT_DAY },
    rec_3: { callId: "call_2" },
    unlisted: { isUnlisted: true },
  };
  const events = [completed("rec_1"), completed("unlisted"), completed("before", "2023-01-01T00:00:00Z")];
  test.each([
    ["all", {}, ["before", "rec_1", "rec_2", "rec_3", "stored", "unlisted"]],
    ["since", { sinceMs: Date.parse(NEXT_DAY) }, ["rec_2"]],
    ["until", { untilMs: Date.parse(NEXT_DAY) }, ["before", "rec_1", "rec_3", "stored", "unlisted"]],
    [
      "both",
      { sinceMs: Date.parse(CREATED_AT), untilMs: Date.parse(NEXT_DAY) },
      ["rec_1", "rec_3", "stored", "unlisted"],
    ],
    ["a call", { callId: "call_2" }, ["rec_3"]],
  ] as const)("%s", async (_, filter, ids) => {
    const { archive } = await openArchiveWith("rec_1", "stored");
    const report = await run({ source: new MemorySource(HELD), archive }, { events }, { filter });
    expect(Object.keys(verdicts(report)).toSorted()).toEqual(ids);
  });

  // The webhook says 10:36:00, the vendor and the archive 10:35:10.
  const BETWEEN_MS = Date.parse("2024-01-15T10:35:30Z");

  test("by its creation, though the webhook came later", async () => {
    const source = new MemorySource({ unlisted: { isUnlisted: true } });
    const report = await run({ source, archive: undefined }, { events }, { filter: { untilMs: BETWEEN_MS } });
    expect(verdicts(report)).toMatchObject({ unlisted: "gap not-fetched" });
  });

  test("and what the archive knows to be older is not looked for because of its webhook", async () => {
    const { archive } = await openArchiveWith("rec_1");
    const changes = { filter: { sinceMs: BETWEEN_MS }, now: "2024-03-01T00:00:00Z" };
    const report = await run({ source: new MemorySource({}), archive }, { events: [completed("rec_1")] }, changes);
    expect(report).toMatchObject({ outcome: "ok", results: [] });
  });

  test("and nothing later than its end is vouched for", async () => {
    const { archive } = await openArchiveWith("rec_1");
    const report = await run(
      { source: new MemorySource({ rec_1: {} }), archive },
      {},
      {
        filter: { untilMs: Date.parse("2024-01-16") },
      },
    );
    const watermark = "2024-01-16T00:00:00.000Z";
    const scope = { callId: null, since: null, until: watermark };
    expect(report).toMatchObject({ outcome: "ok", watermark, listAskedAt: NOW, scope });
  });
});

describe("what is wrong with the webhooks themselves", () => {
  const failure = { subject: "events.ndjson:1", error: new VendorResponseError("line 1", "no event") };

  test("an event that cannot be read may be of any time", async () => {
    const { archive } = await openArchiveWith("rec_1");
    const report = await run({ source: new MemorySource({ rec_1: {} }), archive }, { failures: [failure] });
    expect(report).toMatchObject({ outcome: "partial", watermark: null });
  });

  test("checksums that prove nothing are told of, within the filter", async () => {
    const { archive } = await openArchiveWith("rec_1");
    const events = ["rec_1", "rec_9"].map((id) => completed(id, "2024-01-15T10:36:00Z", "abcdef0123456789"));
    const source = new MemorySource({ rec_1: {}, rec_9: { callId: "call_9", isUnlisted: true } });
    const { findings } = await run({ source, archive }, { events }, { filter: { callId: "call_1" } });
    expect(findings.map(({ kind, subject }) => [kind, subject])).toEqual([["checksum-unverifiable", "rec_1"]]);
  });

  test("another digest than the archive's is a conflict", async () => {
    const { archive } = await openArchiveWith("rec_1");
    const events = [completed("rec_1", "2024-01-15T10:36:00Z", "ab".repeat(32))];
    const report = await run({ source: new MemorySource({ rec_1: {} }), archive }, { events });
    expect(verdicts(report)).toEqual({ rec_1: "conflict digest-differs" });
    expect(report.findings).toMatchObject([{ kind: "digest-mismatch", detail: { expected: "ab".repeat(32) } }]);
  });
});

describe("nothing on any side", () => {
  test("agrees, if there is an archive", async () => {
    const { archive } = await openArchiveWith();
    const report = await run({ source: new MemorySource({}), archive });
    expect(report).toMatchObject({ outcome: "ok", watermark: NOW, counts: { planned: 0 } });
  });

  test("is no success without one", async () => {
    await expect(run({ source: new MemorySource({}), archive: undefined })).rejects.toThrow(NothingToDoError);
  });

  test("while without one everything that the vendor has is a gap", async () => {
    const report = await run({ source: new MemorySource({ rec_1: {} }), archive: undefined });
    expect(verdicts(report)).toEqual({ rec_1: "gap not-fetched" });
  });
});

test("what the user ends gives no report", async () => {
  const { archive } = await openArchiveWith("rec_1");
  const reason = new Error("ended");
  const signal = AbortSignal.abort(reason);
  await expect(run({ source: new MemorySource({ rec_1: {} }), archive }, {}, { signal })).rejects.toThrow(reason);
});
