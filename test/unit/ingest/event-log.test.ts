import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Secret } from "../../../src/core/secret.ts";
import { EventLog, type ReceivedDelivery } from "../../../src/ingest/event-log.ts";
import { readEventFile } from "../../../src/ingest/read-events.ts";
import { NotFoundError } from "../../../src/io/errors.ts";
import { signWebhook } from "../../../src/vendor/webhook-signature.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const SECRET = new Secret("endpoint-secret");

function toDelivery(recordingId: string, timestamp = "1772366400"): ReceivedDelivery {
  const data = { recording_id: recordingId, call_id: "c\n é", started_at: "2026-03-01T12:00:00Z" };
  const body = JSON.stringify({ event: "recording.started", data }, undefined, 1);
  return { timestamp, signature: signWebhook(SECRET, timestamp, body), body, receivedAtMs: 1772366401_234 };
}

async function newPath(): Promise<string> {
  return join(await makeTemporaryFolder(), "received.ndjson");
}

async function idsOf(path: string): Promise<readonly string[]> {
  const { events, failures, findings } = await readEventFile(path, SECRET);
  expect([failures, findings]).toEqual([[], []]);
  return events.map(({ event }) => event.recordingId);
}

test("a line holds what was signed, and when it came", async () => {
  const path = await newPath();
  const log = await EventLog.open(path);
  const { receivedAtMs, ...signed } = toDelivery("rec_1");
  expect(await log.append({ ...signed, receivedAtMs })).toBe("appended");
  expect(JSON.parse(await readFile(path, "utf8"))).toEqual({ ...signed, receivedAt: "2026-03-01T12:00:01.234Z" });
  expect(await idsOf(path)).toEqual(["rec_1"]);
});

test("a body is kept once, whenever it comes again and however it is signed then", async () => {
  const path = await newPath();
  const log = await EventLog.open(path);
  const [first, again] = [toDelivery("rec_1"), toDelivery("rec_1", "1772369000")];
  expect(await Promise.all([log.append(first), log.append(again)])).toEqual(["appended", "duplicate"]);
  expect(await log.append(again)).toBe("duplicate");
  const reopened = await EventLog.open(path);
  expect(await reopened.append(again)).toBe("duplicate");
  expect(await reopened.append(toDelivery("rec_2"))).toBe("appended");
  expect(await idsOf(path)).toEqual(["rec_1", "rec_2"]);
});

test("a long log is known by its last 50,000 bodies", async () => {
  const path = await newPath();
  const toNumbered = (index: number) => ({ timestamp: "1", signature: "00", body: `{"n":${index}}`, receivedAtMs: 0 });
  const lines = Array.from({ length: 110_000 }, (_, index) => `${JSON.stringify(toNumbered(index))}\n`);
  await writeFile(path, lines.join(""));
  const log = await EventLog.open(path);
  const outcomes = [109_999, 60_000, 0].map((index) => log.append(toNumbered(index)));
  expect(await Promise.all(outcomes)).toEqual(["duplicate", "duplicate", "appended"]);
});

test("what failed is not taken for kept", async () => {
  const path = await newPath();
  const log = await EventLog.open(path);
  await rm(path);
  const attempts = await Promise.allSettled([log.append(toDelivery("rec_1")), log.append(toDelivery("rec_1"))]);
  expect(attempts.map((attempt) => attempt.status === "rejected" && attempt.reason)).toEqual([
    expect.any(NotFoundError),
    expect.any(NotFoundError),
  ]);
  await writeFile(path, "");
  expect(await log.append(toDelivery("rec_1"))).toBe("appended");
  expect(await idsOf(path)).toEqual(["rec_1"]);
});

test("an event that a crash tore is no duplicate when it is sent again", async () => {
  const path = await newPath();
  const log = await EventLog.open(path);
  await log.append(toDelivery("rec_1"));
  await log.append(toDelivery("rec_2"));
  const whole = await readFile(path);
  await writeFile(path, whole.subarray(0, -20));
  const reopened = await EventLog.open(path);
  expect(await idsOf(path)).toEqual(["rec_1"]);
  expect(await reopened.append(toDelivery("rec_2"))).toBe("appended");
  expect((await readFile(path)).equals(whole)).toBe(true);
});

test("lines that are no envelopes stand in nobody's way", async () => {
  const path = await newPath();
  await writeFile(path, 'nonsense\n\n{"timestamp":1}\n');
  const log = await EventLog.open(path);
  expect(await log.append(toDelivery("rec_1"))).toBe("appended");
  expect((await readEventFile(path, SECRET)).events).toHaveLength(1);
});

test("events of other kinds are kept, and passed over when the file is read", async () => {
  const path = await newPath();
  const log = await EventLog.open(path);
  const body = '{"event":"call.answered","data":{}}';
  const signature = signWebhook(SECRET, "1", body);
  await log.append({ timestamp: "1", signature, body, receivedAtMs: 0 });
  await log.append(toDelivery("rec_1"));
  expect(await idsOf(path)).toEqual(["rec_1"]);
});
