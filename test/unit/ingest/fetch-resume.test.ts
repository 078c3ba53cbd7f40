import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readFixture } from "../../helpers/store-recording.ts";
import { completed, openFetchRig, type ScriptedRecording, sha256Of } from "./fetch-rig.ts";
import { half, hangUp, heldIn, ranged } from "./transfer/transfer-rig.ts";

const DAY = "recordings/2024/01/15";
const STORED = [`${DAY}/rec_1.json`, `${DAY}/rec_1.wav`];
const bytes = await readFixture("wav-256k-16000.wav");
const sha256 = sha256Of(bytes);
const proven = { events: [completed("rec_1", sha256)] };

const withAnswers = (...answers: NonNullable<ScriptedRecording["answers"]>): ScriptedRecording => ({
  id: "rec_1",
  bytes,
  answers,
});

describe("a transfer that breaks off", () => {
  test("goes on in another run, behind the bytes that are there", async () => {
    const rig = await openFetchRig({ id: "rec_1", bytes });
    rig.change(withAnswers(half(rig.held, hangUp, {}, bytes), hangUp));
    const first = await rig.fetch(proven);
    expect(first.failures).toMatchObject([{ code: "VENDOR_UNAVAILABLE", retryable: true }]);
    const heldBytes = heldIn(rig.held);
    expect([heldBytes, (await rig.tree()).length]).toEqual([bytes.length / 2, 1]);

    rig.change(withAnswers(ranged({}, bytes)));
    const second = await rig.fetch(proven);
    const fetched = { status: "fetched", attempts: 1, resumedFromByte: heldBytes, sha256, evidence: "vendor-digest" };
    expect(second.results).toMatchObject([fetched]);
    expect(rig.downloads().at(-1)?.headers.range).toBe(`bytes=${heldBytes}-`);
    expect(await rig.tree()).toEqual(STORED);
    expect((await readFile(join(rig.folder, "archive", `${DAY}/rec_1.wav`))).equals(bytes)).toBe(true);
  });

  test("goes on in the same run, where an entity tag tells that it is the same file", async () => {
    const etag = { etag: '"v1"' };
    const rig = await openFetchRig({ id: "rec_1", bytes });
    rig.change(withAnswers(half(rig.held, hangUp, etag, bytes), ranged(etag, bytes)));
    const { results } = await rig.fetch();
    expect(results).toMatchObject([{ status: "fetched", attempts: 2, resumedFromByte: bytes.length / 2, sha256 }]);
  });

  test("again and again, but comes forward each time, is not given up", async () => {
    const long = Buffer.concat([bytes, ...Array<Buffer>(7).fill(bytes)]);
    const step = 80_000;
    const rig = await openFetchRig({ id: "rec_1", bytes });
    // A good server, but for connections that live no longer than a step.
    rig.change({
      id: "rec_1",
      bytes: long,
      answers: [
        async (response, request) => {
          const first = Number(/\d+/.exec(request.headers.range ?? "")?.[0] ?? 0);
          const [length, range] = [long.length - first, `bytes ${first}-${long.length - 1}/${long.length}`];
          response.writeHead(first === 0 ? 200 : 206, { "content-length": length, "content-range": range });
          response.write(long.subarray(first, first + step));
          while (heldIn(rig.held) < Math.min(first + step, long.length)) await new Promise(setImmediate);
          response.socket?.destroy();
        },
      ],
    });
    const { results, failures } = await rig.fetch({ events: [completed("rec_1", sha256Of(long))] });
    expect([failures, results[0]?.status, results[0]?.sha256]).toEqual([[], "fetched", sha256Of(long)]);
    expect(results[0]?.attempts).toBeGreaterThan(4);
  });

  test("because the run is ended is no failure, and its bytes are held", async () => {
    const controller = new AbortController();
    const rig = await openFetchRig({ id: "rec_1", bytes });
    rig.change(withAnswers(half(rig.held, () => controller.abort(new Error("enough")), {}, bytes)));
    const { outcome, counts } = await rig.fetch({ ...proven, signal: controller.signal });
    expect([outcome, counts.failed, heldIn(rig.held)]).toEqual(["cancelled", 0, bytes.length / 2]);
  });
});
