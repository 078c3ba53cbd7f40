import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { EventLog } from "../../../src/ingest/event-log.ts";
import { readEventFile } from "../../../src/ingest/read-events.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { deliver, SECRET, toBody } from "./receiver-rig.ts";

async function startReceiver(path: string): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const script = join(import.meta.dirname, "run-receiver.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, path, SECRET.reveal()], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const [url] = (await once(createInterface(child.stdout), "line")) as [string];
  return { child, url };
}

/** Sends events one after another until the receiver is gone; those that it took are handed on. */
async function deliverUntilGone(url: string, lane: string, onTaken: (recordingId: string) => void): Promise<void> {
  const note = "x".repeat(50_000); // Long lines are written for longer, so that a kill meets them.
  for (let index = 0; ; index += 1) {
    const recordingId = `rec_${lane}_${index}`;
    const timestamp = String(Math.floor(Date.now() / 1000));
    const answer = await deliver(url, toBody(recordingId, { note }), { timestamp }).catch(() => undefined);
    if (answer === undefined) return;
    expect(answer.status).toBe(200);
    onTaken(recordingId);
  }
}

test("a receiver that is killed has every event that it took, once, and goes on with whole lines", async () => {
  const path = join(await makeTemporaryFolder(), "received.ndjson");
  const taken: string[] = [];
  for (const round of ["a", "b"]) {
    const { child, url } = await startReceiver(path);
    const until = taken.length + 100;
    const onTaken = (recordingId: string) => {
      taken.push(recordingId);
      if (taken.length === until) child.kill("SIGKILL");
    };
    const lanes = Array.from({ length: 8 }, (_, lane) => deliverUntilGone(url, `${round}${lane}`, onTaken));
    await Promise.all(lanes);
  }
  await EventLog.open(path);
  const { events, failures, findings } = await readEventFile(path, SECRET);
  const kept = events.map(({ event }) => event.recordingId as string);
  expect([failures, findings]).toEqual([[], []]);
  expect(new Set(kept).size).toBe(kept.length);
  expect(taken.filter((recordingId) => !kept.includes(recordingId))).toEqual([]);
  expect(taken.length).toBeGreaterThanOrEqual(200);
});
