import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { DirectTransfers, type TransferSettings } from "../../../../src/ingest/transfer/direct-transfers.ts";
import { type Answer, BYTES, openJobs, openScriptedServer, type ScriptedServer, whole } from "./transfer-rig.ts";

function openTransfers(settings: Partial<TransferSettings>): DirectTransfers {
  const timeoutMs = 20_000;
  const hosts = { baseUrl: "http://127.0.0.1:1/v2", allowPrivateHosts: false, timeoutMs };
  const transfers = new DirectTransfers({ ...hosts, concurrency: 4, bytesPerSecond: undefined, ...settings });
  onTestFinished(() => transfers.close());
  return transfers;
}

/** Runs so many downloads side by side, each to a file of its own. */
async function runAll(transfers: DirectTransfers, server: ScriptedServer, count: number) {
  const { folder, toJob } = await openJobs();
  const jobs = Array.from({ length: count }, (_, index) => toJob(server, { stem: `${folder}/rec_${index}` }));
  return Promise.all(jobs.map((job) => transfers.run(job)));
}

describe("bodies under way", () => {
  /** Answers that begin a body and end it a little later, and how many there were at a time. */
  function countBodies(): { readonly answer: Answer; readonly most: () => number } {
    let [under, most] = [0, 0];
    const answer: Answer = async (response) => {
      under += 1;
      most = Math.max(most, under);
      response.writeHead(200, { "content-length": BYTES.length }).write(BYTES.subarray(0, 10));
      await sleep(20);
      under -= 1;
      response.end(BYTES.subarray(10));
    };
    return { answer, most: () => most };
  }

  test("are no more than allowed", async () => {
    const { answer, most } = countBodies();
    const server = await openScriptedServer(answer);
    await runAll(openTransfers({ concurrency: 2 }), server, 8);
    expect([server.requests.length, most()]).toEqual([8, 2]);
  });

  test("are no more than allowed behind redirects, which are followed ahead", async () => {
    const { answer, most } = countBodies();
    const storage = await openScriptedServer(answer);
    const api = await openScriptedServer((response) =>
      response.writeHead(302, { location: `${storage.origin}/tmp` }).end(),
    );
    await runAll(openTransfers({ concurrency: 2 }), api, 8);
    expect([api.requests.length, storage.requests.length, most()]).toEqual([8, 8, 2]);
  });

  test("free their slot when they fail", async () => {
    const server = await openScriptedServer((response) => response.writeHead(500).end(), whole());
    const transfers = openTransfers({ concurrency: 1 });
    await expect(runAll(transfers, server, 1)).rejects.toMatchObject({ code: "VENDOR_UNAVAILABLE" });
    expect(await runAll(transfers, server, 2)).toHaveLength(2);
  });
});

test("a bound on bytes per second is for all bodies together, and no drip by itself", async () => {
  const server = await openScriptedServer(whole());
  const transfers = openTransfers({ bytesPerSecond: 1_000_000, timeoutMs: 300 });
  const beganMs = Date.now();
  await runAll(transfers, server, 3);
  // The last piece of each need not be paid for before it is there; a piece has 64 KiB.
  expect(Date.now() - beganMs).toBeGreaterThanOrEqual((3 * (BYTES.length - 65_536)) / 1000 - 5);
});
