import { readFile } from "node:fs/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { Secret } from "../../../src/core/secret.ts";
import { FaultPlan } from "../../../src/sandbox/faults/fault-plan.ts";
import { FaultyEvents } from "../../../src/sandbox/faults/faulty-events.ts";
import { type Fault, parseFaults } from "../../../src/sandbox/faults/parse-faults.ts";
import { toStartedEvent, toStoppedEvent } from "../../../src/sandbox/recording-event.ts";
import { SandboxFolder } from "../../../src/sandbox/sandbox-folder.ts";
import { WebhookOutbox } from "../../../src/sandbox/webhook-outbox.ts";
import { verifyWebhook } from "../../../src/vendor/webhook-signature.ts";
import { STORED_RECORDING } from "./stored-recording.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";
import { openWebhookReceiver, type WebhookReceiver } from "./webhook-receiver.ts";

const SECRET = new Secret("whsec");
const STARTED = toStartedEvent(STORED_RECORDING);
const STOPPED = toStoppedEvent(STORED_RECORDING);

interface Rig {
  readonly outbox: WebhookOutbox;
  readonly receiver: WebhookReceiver;
  readonly folder: SandboxFolder;
}

/** Makes an outbox for a receiver that answers its first deliveries with these statuses. */
function openRig(...statuses: number[]): Promise<Rig> {
  return openFaultyRig([], statuses);
}

async function openFaultyRig(drawn: readonly Fault[], statuses: number[] = []): Promise<Rig> {
  const folder = new SandboxFolder(await makeTemporaryFolder());
  const receiver = await openWebhookReceiver(...statuses);
  onTestFinished(() => receiver.close());
  const { signal } = new AbortController();
  const faults = new FaultyEvents(new FaultPlan(drawn, 1));
  return { folder, receiver, outbox: new WebhookOutbox({ folder, secret: SECRET, url: receiver.url, faults, signal }) };
}

async function readLines(path: string) {
  const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line));
}

describe("WebhookOutbox", () => {
  it("signs each event, writes it down and delivers the same bytes, in order", async () => {
    const { outbox, receiver, folder } = await openRig();
    await outbox.publish(STARTED);
    await outbox.publish(STOPPED);
    await outbox.settled();
    expect(receiver.received.map(({ event }) => event)).toEqual(["recording.started", "recording.stopped"]);
    expect(receiver.received.every((webhook) => verifyWebhook(SECRET, webhook))).toBe(true);
    const bodies = (await readLines(folder.eventsFile)).map(({ body }) => body);
    expect(bodies).toEqual(receiver.received.map(({ rawBody }) => rawBody));
  });

  it("tries again after a 5xx", async () => {
    const { outbox, receiver, folder } = await openRig(500, 503);
    await outbox.publish(STARTED);
    await outbox.settled();
    expect(receiver.received).toHaveLength(3);
    await expect(readFile(folder.undeliveredFile)).rejects.toThrow("ENOENT");
  });

  it("does not try again after a 4xx, and writes the event down as undelivered", async () => {
    const { outbox, receiver, folder } = await openRig(410);
    await outbox.publish(STARTED);
    await outbox.settled();
    expect(receiver.received).toHaveLength(1);
    expect(await readLines(folder.undeliveredFile)).toEqual(await readLines(folder.eventsFile));
  });

  it("gives up on a receiver that is gone, and goes on", async () => {
    const { outbox, receiver, folder } = await openRig();
    await receiver.close();
    await outbox.publish(STARTED);
    await outbox.settled();
    expect(await readLines(folder.undeliveredFile)).toHaveLength(1);
  });

  it("sends an event twice when that is the fault", async () => {
    const { outbox, receiver, folder } = await openFaultyRig(parseFaults("webhook-twice/once"));
    await outbox.publish(STARTED);
    await outbox.publish(STARTED);
    await outbox.settled();
    expect(receiver.received.map(({ event }) => event)).toEqual(Array(3).fill("recording.started"));
    expect(await readLines(folder.eventsFile)).toHaveLength(3);
  });

  it("sends an event after the next one when that is the fault, and in the end in any case", async () => {
    const { outbox, receiver } = await openFaultyRig(parseFaults("webhook-late/once"));
    await outbox.publish({ ...STARTED, atMs: 1000 });
    await outbox.publish({ ...STARTED, atMs: 2000 });
    await outbox.publish({ ...STOPPED, atMs: 3000 });
    await outbox.settled();
    expect(receiver.received.map(({ timestamp }) => timestamp)).toEqual(["2", "1", "3"]);
  });

  it("writes the past down out of order when that is the fault", async () => {
    const { outbox, folder } = await openFaultyRig(parseFaults("webhook-late@0.5/once"));
    const past = Array.from({ length: 10 }, (_, index) => ({ ...STARTED, data: { recording_id: `rec_${index}` } }));
    await outbox.record(past);
    const ids = (await readLines(folder.eventsFile)).map(({ body }) => JSON.parse(body).data.recording_id);
    const sent = past.map(({ data }) => data.recording_id);
    expect(ids).not.toEqual(sent);
    expect(ids.sort()).toEqual(sent);
  });

  it("only writes down what is past", async () => {
    const { outbox, receiver, folder } = await openRig();
    await outbox.record([STARTED, STOPPED]);
    await outbox.settled();
    expect(receiver.received).toEqual([]);
    expect(await readLines(folder.eventsFile)).toHaveLength(2);
  });
});
