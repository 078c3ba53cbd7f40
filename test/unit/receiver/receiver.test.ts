import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rename } from "node:fs/promises";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { Secret } from "../../../src/core/secret.ts";
import { EventLog } from "../../../src/ingest/event-log.ts";
import { readEventFile } from "../../../src/ingest/read-events.ts";
import { NotFoundError, StorageFullError } from "../../../src/io/errors.ts";
import { ReceiverAddressError } from "../../../src/receiver/errors.ts";
import { openReceiver } from "../../../src/receiver/receiver.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { deliver, NOW_SECONDS, openReceiverRig, SECRET, toBody, toHeaders } from "./receiver-rig.ts";

async function linesOf(path: string): Promise<readonly string[]> {
  return (await readFile(path, "utf8")).split("\n").slice(0, -1);
}

describe("a delivery that is the vendor's", () => {
  test("is in the file, told of, and answered with 200", async () => {
    const { receiver, path, events } = await openReceiverRig();
    const body = toBody("rec_1");
    expect(await deliver(receiver.url, body)).toEqual({ status: 200, answer: { status: "received" } });
    const [line] = await linesOf(path);
    expect(JSON.parse(line ?? "")).toMatchObject({ body, receivedAt: "2026-03-01T12:00:00.000Z" });
    expect(events).toMatchObject([{ event: { recordingId: "rec_1" }, signature: "verified" }]);
    expect((await readEventFile(path, SECRET)).events).toEqual(events);
  });

  test("keeps its bytes, whatever white space, letters and order they have, and whatever type it names", async () => {
    const { receiver, path } = await openReceiverRig();
    const bodies = [`\r\n ${toBody("rec_1")}\t\n`, toBody("rec_2", { note: "\u2028 \u{1f600} \\u0000" })];
    for (const body of bodies) {
      expect(await deliver(receiver.url, body, { headers: { "Content-Type": "text/plain" } })).toMatchObject({
        status: 200,
      });
    }
    expect((await linesOf(path)).map((line) => JSON.parse(line).body)).toEqual(bodies);
    expect((await readEventFile(path, SECRET)).events).toMatchObject([{ signature: "verified" }, {}]);
  });

  test("is kept once, however often it comes, signed anew or not", async () => {
    const { receiver, path, events } = await openReceiverRig();
    const body = toBody("rec_1");
    const attempts = [NOW_SECONDS, NOW_SECONDS, NOW_SECONDS - 60].map((seconds) =>
      deliver(receiver.url, body, { timestamp: String(seconds) }),
    );
    const answers = (await Promise.all(attempts)).map(({ status, answer }) => [status, answer["status"]]);
    expect(answers.toSorted()).toEqual([
      [200, "duplicate"],
      [200, "duplicate"],
      [200, "received"],
    ]);
    expect([(await linesOf(path)).length, events.length]).toEqual([1, 1]);
    expect(receiver.counts).toMatchObject({ received: 1, duplicates: 2 });
  });

  test("is kept among 200 others at once, each exactly once", async () => {
    const { receiver, path, events } = await openReceiverRig();
    const ids = Array.from({ length: 200 }, (_, index) => `rec_${index}`);
    const answers = await Promise.all(ids.map((id) => deliver(receiver.url, toBody(id))));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const stored = await readEventFile(path, SECRET);
    expect(stored.events.map(({ event }) => event.recordingId).toSorted()).toEqual(ids.toSorted());
    expect([stored.failures, events.length]).toEqual([[], 200]);
  });

  test.each([
    ["another kind of event", '{"event":"call.answered","data":{}}', 0],
    ["an event that lacks what the page shows", '{"event":"recording.completed","data":{"recording_id":"r"}}', 1],
  ])("is kept without being told of when it is %s", async (_what, body, failures) => {
    const { receiver, path, events } = await openReceiverRig();
    expect(await deliver(receiver.url, body)).toEqual({ status: 200, answer: { status: "unrecognised" } });
    expect([(await linesOf(path)).length, events, receiver.counts.unrecognised]).toEqual([1, [], 1]);
    expect((await readEventFile(path, SECRET)).failures).toHaveLength(failures);
  });

  test.each([-3600, -3000, 0, 300])("is taken at %d s from the receiver's clock", async (seconds) => {
    const { receiver } = await openReceiverRig();
    const timestamp = String(NOW_SECONDS + seconds);
    expect((await deliver(receiver.url, toBody("rec_1"), { timestamp })).status).toBe(200);
  });
});

describe("a delivery that is refused", () => {
  const body = toBody("rec_1");
  const outside = "timestamp-outside-window";
  test.each([
    ["another secret", body, { secret: new Secret("other") }, 401, "signature-invalid"],
    ["a changed timestamp", body, { headers: { "X-Audian-Timestamp": "1772366399" } }, 401, "signature-invalid"],
    ["no signature", body, { headers: { "X-Audian-Signature": "" } }, 401, "signature-invalid"],
    ["too short a signature", body, { headers: { "X-Audian-Signature": "00" } }, 401, "signature-invalid"],
    ["an old timestamp", body, { timestamp: String(NOW_SECONDS - 3601) }, 401, outside],
    ["a timestamp of the future", body, { timestamp: String(NOW_SECONDS + 301) }, 401, outside],
    ["a timestamp in milliseconds", body, { timestamp: `${NOW_SECONDS}000` }, 401, outside],
    ["a timestamp that is none", body, { timestamp: "2026-03-01" }, 401, outside],
    ["no body", "", {}, 400, "not-an-event"],
    ["a body that is no JSON", "{", {}, 400, "not-an-event"],
    ["a body that is no object", "[]", {}, 400, "not-an-event"],
    ["a body that is no UTF-8", Buffer.from([...Buffer.from('{"a":"'), 0xff, 0x22, 0x7d]), {}, 400, "not-an-event"],
    ["a body after a byte order mark", Buffer.from("\ufeff{}"), {}, 400, "not-an-event"],
    ["too large a body", `{"a":"${"x".repeat(1 << 20)}"}`, {}, 413, "too-large"],
  ] as const)("for %s leaves nothing, is counted, and repeats nothing", async (_what, sent, change, status, reason) => {
    const { receiver, path, events, failures } = await openReceiverRig();
    const refused = await deliver(receiver.url, sent, change);
    expect(refused).toEqual({ status, answer: { error: reason, message: expect.any(String), code: status } });
    expect([await linesOf(path), events, failures]).toEqual([[], [], []]);
    expect(Object.entries(receiver.counts.refused).filter(([, count]) => count > 0)).toEqual([[reason, 1]]);
  });

  test("for its signature does not become known: the right one is taken afterwards", async () => {
    const { receiver, path } = await openReceiverRig();
    await deliver(receiver.url, body, { secret: new Secret("other") });
    expect((await deliver(receiver.url, body)).answer).toEqual({ status: "received" });
    expect(await linesOf(path)).toHaveLength(1);
  });
});

describe("a delivery that cannot be stored", () => {
  test("is answered with 503, and taken when it comes again", async () => {
    const { receiver, path, events, failures } = await openReceiverRig();
    const elsewhere = `${dirname(path)}-elsewhere`;
    await rename(dirname(path), elsewhere);
    expect(await deliver(receiver.url, toBody("rec_1"))).toMatchObject({
      status: 503,
      answer: { error: "not-stored" },
    });
    expect([events, failures, receiver.counts.failed]).toEqual([[], [expect.any(NotFoundError)], 1]);
    await rename(elsewhere, dirname(path));
    expect((await deliver(receiver.url, toBody("rec_1"))).answer).toEqual({ status: "received" });
    expect(await linesOf(path)).toHaveLength(1);
  });

  test("for want of space leaves no half line", async ({ skip }) => {
    const disk = join(await makeTemporaryFolder(), "disk");
    await mkdir(disk);
    const mount = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk]);
    if (mount.status !== 0) return skip(`no small disk can be mounted here: ${mount.stderr?.toString().trim()}`);
    onTestFinished(() => {
      execFileSync("umount", [disk]);
    });
    const { receiver, path, failures } = await openReceiverRig(disk);
    const send = (id: string) => deliver(receiver.url, toBody(id, { note: "x".repeat(20_000) }));
    const statuses: number[] = [];
    for (const id of ["rec_1", "rec_2", "rec_3", "rec_4", "rec_5"]) statuses.push((await send(id)).status);
    expect(statuses).toEqual([200, 200, 200, 503, 503]);
    expect(failures).toEqual([expect.any(StorageFullError), expect.any(StorageFullError)]);

    execFileSync("mount", ["-o", "remount,size=1m", disk]);
    expect((await send("rec_5")).status).toBe(200);
    const { events, failures: broken } = await readEventFile(path, SECRET);
    expect([events.map(({ event }) => event.recordingId), broken]).toEqual([["rec_1", "rec_2", "rec_3", "rec_5"], []]);
  });
});

describe("the receiver", () => {
  test("says that it is well, and has nothing else", async () => {
    const { receiver } = await openReceiverRig();
    const origin = new URL(receiver.url).origin;
    const health = await fetch(`${origin}/health`);
    expect([health.status, await health.json()]).toEqual([200, { status: "ok" }]);
    for (const path of ["/", "/webhooks/audian", "/webhooks/other"]) {
      const response = await fetch(`${origin}${path}`);
      expect([response.status, await response.json()]).toMatchObject([404, { error: "not-found", code: 404 }]);
    }
  });

  test("listens on this machine alone, at the port that it says", async () => {
    const { receiver } = await openReceiverRig();
    expect(receiver.url).toBe(`http://127.0.0.1:${receiver.port}/webhooks/audian`);
  });

  test("does not take a port that is taken", async () => {
    const { receiver } = await openReceiverRig();
    const opened = openReceiver({
      port: receiver.port,
      secret: SECRET,
      log: await EventLog.open(join(await makeTemporaryFolder(), "received.ndjson")),
      clock: { now: () => 0 },
      onEvent: () => undefined,
      onFailure: () => undefined,
    });
    await expect(opened).rejects.toThrow(ReceiverAddressError);
    await expect(opened).rejects.toThrow(`cannot listen for webhooks on port ${receiver.port} of 127.0.0.1`);
  });

  test("answers what is under way before it is closed, and nothing afterwards", async () => {
    const { receiver, path } = await openReceiverRig();
    const body = toBody("rec_1");
    const headers = [`Content-Length: ${Buffer.byteLength(body)}`, ...Object.entries(toHeaders(body)).map(joinHeader)];
    const { socket, answer } = await startPost(receiver.port, headers);
    socket.write(body.slice(0, 10));
    await deliver(receiver.url, toBody("rec_2"));
    const closed = receiver.close();
    const late = await deliver(receiver.url, toBody("late")).catch(() => ({ status: "no connection" }));
    expect([503, "no connection"]).toContain(late.status);
    socket.write(body.slice(10));
    expect(await answer).toMatch(/^HTTP\/1\.1 200 OK\r\n(.*\r\n)*connection: close\r\n(.*\r\n)*\r\n.*"received"/i);
    await closed;
    expect((await linesOf(path)).map((line) => JSON.parse(line).body)).toEqual([toBody("rec_2"), body]);
    await receiver.close();
    await expect(deliver(receiver.url, toBody("later"))).rejects.toThrow();
  });

  test("does not wait for ever for a body that never ends", async () => {
    const { receiver } = await openReceiverRig();
    const { socket, answer } = await startPost(receiver.port, ["Content-Length: 10"]);
    socket.write("{");
    await deliver(receiver.url, toBody("rec_1"));
    await receiver.close();
    expect(await answer).toBe("");
  });
});

/** Sends a request's head; `answer` is all that comes until the connection is closed. */
async function startPost(port: number, headers: readonly string[]) {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined); // A connection may be reset as well as ended.
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  const answer = once(socket, "close").then(() => Buffer.concat(chunks).toString());
  await once(socket, "connect");
  socket.write(`${["POST /webhooks/audian HTTP/1.1", "Host: localhost", ...headers].join("\r\n")}\r\n\r\n`);
  return { socket, answer };
}

function joinHeader([name, value]: [string, string]): string {
  return `${name}: ${value}`;
}
