import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseRecordingId } from "../../../src/core/recording-id.ts";
import { readFixture } from "../../helpers/store-recording.ts";
import { completed, KEY, openFetchRig, refuse, type ScriptedRecording, sha256Of, toFlipped } from "./fetch-rig.ts";
import { whole } from "./transfer/transfer-rig.ts";

const DAY = "recordings/2024/01/15";
const STORED = [`${DAY}/rec_1.json`, `${DAY}/rec_1.wav`];
const bytes = await readFixture("wav-256k-16000.wav");
const sha256 = sha256Of(bytes);

const withAnswers = (...answers: NonNullable<ScriptedRecording["answers"]>): ScriptedRecording => ({
  id: "rec_1",
  bytes,
  answers,
});
const proven = { events: [completed("rec_1", sha256)] };

describe("a recording that is not there", () => {
  test("because the vendor is still working on it is skipped, however it was listed", async () => {
    const rig = await openFetchRig({ ...withAnswers(refuse(404)), saysAlone: { status: "processing" } });
    const { results, outcome } = await rig.fetch();
    expect(results).toMatchObject([{ status: "skipped", reason: "not-completed", attempts: 1 }]);
    expect([outcome, rig.downloads().length, await rig.tree()]).toEqual(["ok", 1, []]);
  });

  test("for a moment is asked for again", async () => {
    const rig = await openFetchRig(withAnswers(refuse(404), refuse(404), whole({}, bytes)));
    expect((await rig.fetch()).results).toMatchObject([{ status: "fetched", attempts: 3 }]);
  });

  test.each([404, 410])("at all is a failure that says so (%i)", async (status) => {
    const rig = await openFetchRig(withAnswers(refuse(status)));
    const { failures, outcome } = await rig.fetch();
    expect([outcome, failures]).toMatchObject(["failed", [{ subject: "rec_1", code: "VENDOR_NOT_FOUND" }]]);
    expect(await rig.tree()).toEqual([]);
  });
});

describe("a key that is refused", () => {
  test("with 401 is sent once for each recording and not again", async () => {
    const rig = await openFetchRig(withAnswers(refuse(401)), { id: "rec_2", bytes, answers: [refuse(401)] });
    const { results, failures } = await rig.fetch();
    expect(
      rig
        .downloads()
        .map(({ path }) => path)
        .toSorted(),
    ).toEqual(["rec_1", "rec_2"].map((id) => `/v2/recordings/${id}/download`));
    expect(failures.map(({ code }) => code)).toEqual(["VENDOR_UNAUTHORIZED", "VENDOR_UNAUTHORIZED"]);
    expect(results).toMatchObject([{ status: "failed", attempts: 1 }, { attempts: 1 }]);
    // A key cannot be renewed, and that is found out once.
    expect(rig.locations()).toBe(4);
    expect(JSON.stringify({ results, failures })).not.toContain(KEY);
  });

  test("with 403 is not sent again either, and stops no other recording", async () => {
    const rig = await openFetchRig(withAnswers(refuse(403)), { id: "rec_2", bytes });
    const { failures, counts } = await rig.fetch();
    expect(failures).toMatchObject([{ subject: "rec_1", code: "VENDOR_UNAUTHORIZED", retryable: false }]);
    expect([counts.done, rig.downloads().length]).toEqual([1, 2]);
  });
});

describe("bytes with another digest than was promised", () => {
  test("once are fetched again, and nothing is left of them", async () => {
    const rig = await openFetchRig(withAnswers(whole({}, toFlipped(bytes, 5000)), whole({}, bytes)));
    const { results, outcome } = await rig.fetch(proven);
    expect([outcome, results]).toMatchObject(["ok", [{ status: "fetched", evidence: "vendor-digest", attempts: 2 }]]);
    expect(await rig.tree()).toEqual(STORED);
  });

  test("again and again go to quarantine, with a note that says why", async () => {
    const wrong = toFlipped(bytes, 5000);
    const rig = await openFetchRig(withAnswers(whole({}, wrong)));
    const { results, findings, failures, outcome } = await rig.fetch(proven);
    expect(outcome).toBe("findings");
    // The same twice: there are no others to be had.
    expect(results).toMatchObject([{ status: "failed", attempts: 2 }]);
    expect(failures).toMatchObject([{ subject: "rec_1", code: "DIGEST_MISMATCH" }]);
    const found = sha256Of(wrong);
    const detail = { algorithm: "sha256", expected: sha256, found };
    expect(findings).toMatchObject([{ kind: "digest-mismatch", subject: "rec_1", detail }]);
    const name = `quarantine/rec_1.${found.slice(0, 16)}`;
    expect(await rig.tree()).toEqual([name, `${name}.json`]);
    expect((await readFile(join(rig.folder, "archive", name))).equals(wrong)).toBe(true);
    expect(JSON.parse(await readFile(join(rig.folder, "archive", `${name}.json`), "utf8"))).toMatchObject({
      recordingId: "rec_1",
      callId: "call_rec_1",
      sizeBytes: wrong.length,
      sha256: found,
      findings: [{ kind: "digest-mismatch" }],
    });
  });

  test("each time another one leave the last in quarantine and no other", async () => {
    const wrong = [5000, 6000, 7000, 8000].map((offset) => toFlipped(bytes, offset));
    const rig = await openFetchRig(withAnswers(...wrong.map((body) => whole({}, body))));
    const { results, findings } = await rig.fetch(proven);
    expect([results, findings.length]).toMatchObject([[{ attempts: 4 }], 1]);
    const name = `quarantine/rec_1.${sha256Of(wrong[3] ?? bytes).slice(0, 16)}`;
    expect(await rig.tree()).toEqual([name, `${name}.json`]);
  });

  test("are in quarantine too when two webhooks cannot both be right", async () => {
    const rig = await openFetchRig({ id: "rec_1", bytes });
    const events = [completed("rec_1", sha256), completed("rec_1", "cd".repeat(32))];
    const { findings, failures } = await rig.fetch({ events });
    expect(findings.map(({ kind }) => kind)).toEqual(["checksum-unverifiable", "digest-mismatch"]);
    expect(failures).toMatchObject([{ code: "DIGEST_MISMATCH" }]);
    expect((await rig.tree()).map((path) => path.split("/")[0])).toEqual(["quarantine", "quarantine"]);
  });
});

describe("bytes that look damaged and are proven by nothing", () => {
  const short = bytes.subarray(0, 70_000);
  const says = { file_size: null };

  test("once are fetched again", async () => {
    const rig = await openFetchRig({ ...withAnswers(whole({}, short), whole({}, bytes)), says });
    const { results, outcome } = await rig.fetch();
    const fetched = { status: "fetched", evidence: "none", attempts: 2, complete: true, sha256 };
    expect([outcome, results]).toMatchObject(["ok", [fetched]]);
    expect(await rig.tree()).toEqual(STORED);
  });

  test("twice in the same way are so at the vendor, and are stored with what was found", async () => {
    const rig = await openFetchRig({ ...withAnswers(whole({}, short)), says });
    const { results, findings, failures } = await rig.fetch();
    expect(results).toMatchObject([{ status: "fetched", attempts: 2, complete: false, sizeBytes: short.length }]);
    expect([findings, failures]).toMatchObject([[{ kind: "truncated", subject: "rec_1" }], []]);
    expect(await rig.tree()).toEqual(STORED);
  });

  test("are stored at once when they are what the vendor's digest says", async () => {
    const rig = await openFetchRig({ ...withAnswers(whole({}, short)), says });
    const { results } = await rig.fetch({ events: [completed("rec_1", sha256Of(short))] });
    expect(results).toMatchObject([{ status: "fetched", attempts: 1, complete: false, evidence: "vendor-digest" }]);
  });

  test("each time in another way are kept, but not as the recording", async () => {
    const bodies = [70_000, 60_000, 50_000, 40_000].map((length) => whole({}, bytes.subarray(0, length)));
    const rig = await openFetchRig({ ...withAnswers(...bodies), says });
    const { failures, findings } = await rig.fetch();
    expect(failures).toMatchObject([{ code: "MEDIA_LOOKS_DAMAGED" }]);
    expect(findings).toHaveLength(1);
    expect((await rig.tree()).map((path) => path.split("/")[0])).toEqual(["quarantine", "quarantine"]);
  });
});

describe("a body that is too long", () => {
  test("for the size that the vendor states is not taken, and nothing is left of it", async () => {
    const rig = await openFetchRig({ id: "rec_1", bytes, says: { file_size: 50_000 } });
    const { failures } = await rig.fetch();
    expect([failures, await rig.tree()]).toMatchObject([[{ subject: "rec_1", code: "SIZE_MISMATCH" }], []]);
  });

  test("for --max-file-size is not taken either", async () => {
    const rig = await openFetchRig({ id: "rec_1", bytes, says: { file_size: null } });
    const { failures } = await rig.fetch({ limits: { maxFileSizeBytes: bytes.length - 1 } });
    expect([failures, await rig.tree()]).toMatchObject([[{ code: "SIZE_LIMIT_EXCEEDED", retryable: false }], []]);
    const { results } = await rig.fetch({ limits: { maxFileSizeBytes: bytes.length } });
    expect(results).toMatchObject([{ status: "fetched" }]);
  });

  test("only by the vendor's word is taken when it may be and a digest proves it, and the word is a finding", async () => {
    const rig = await openFetchRig({ id: "rec_1", bytes, says: { file_size: 50_000 } });
    const { results, findings } = await rig.fetch({ ...proven, limits: { maxFileSizeBytes: 1e9 } });
    expect(results).toMatchObject([{ status: "fetched", evidence: "vendor-digest", sizeBytes: bytes.length }]);
    expect(findings).toMatchObject([{ kind: "size-mismatch", detail: { expected: 50_000, found: bytes.length } }]);
  });
});

describe("what is asked of the vendor", () => {
  test("by ids alone is not the list", async () => {
    const rig = await openFetchRig({ id: "rec_1", bytes }, { id: "rec_2", bytes });
    const recordingIds = ["rec_2", "rec_9"].map((id) => parseRecordingId(id));
    const { results, failures } = await rig.fetch({ filter: undefined, recordingIds });
    expect(results).toMatchObject([{ recordingId: "rec_2", status: "fetched" }]);
    expect(failures).toMatchObject([{ subject: "rec_9", code: "VENDOR_NOT_FOUND" }]);
    expect(rig.server.requests.filter(({ path }) => path.split("?")[0] === "/v2/recordings")).toEqual([]);
  });

  test("ends, without a word, when it wants to be left alone for longer than anybody waits", async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `rec_${index}`);
    const answers = [refuse(429, { "retry-after": "3600" })];
    const rig = await openFetchRig(...ids.map((id) => ({ id, bytes, answers })));
    const { failures } = await rig.fetch();
    expect(new Set(failures.map(({ code }) => code))).toEqual(new Set(["VENDOR_RATE_LIMITED"]));
    // Those that were under way, two at a time and as many ahead.
    expect(rig.downloads().length).toBeLessThanOrEqual(4);
  });

  test("for bytes is not a page, whatever its status says", async () => {
    const page = Buffer.from("<!doctype html><title>busy</title>");
    const rig = await openFetchRig({ ...withAnswers(whole({}, page), whole({}, bytes)), says: { file_size: null } });
    expect((await rig.fetch()).results).toMatchObject([{ status: "fetched", attempts: 2, format: "wav" }]);
    expect(await rig.tree()).toEqual(STORED);
  });
});
