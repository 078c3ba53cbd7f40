import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Transfers } from "../../../../src/ingest/transfer/transfer.ts";
import { DRIVERS, failureOf, WHOLE } from "./transfer-drivers.ts";
import {
  type Answer,
  BYTES,
  HALF,
  half,
  hangUp,
  heldIn,
  openJobs,
  openScriptedServer,
  ranged,
  SHA256,
  whole,
} from "./transfer-rig.ts";

const ETAG = { etag: '"v1"' };

describe.each(DRIVERS)("transfers %s", (_driver, open) => {
  let transfers: Transfers;
  beforeAll(() => {
    transfers = open({});
  });
  afterAll(() => transfers.close());

  describe("a transfer that broke off", () => {
    /** Breaks a transfer off half way, and gives what the next one makes of it. */
    async function goOn(first: { headers?: Record<string, string> }, promised: boolean, ...second: readonly Answer[]) {
      const { folder, toJob } = await openJobs();
      const server = await openScriptedServer(half(folder, hangUp, first.headers));
      const job = toJob(server, { sha256: promised ? SHA256 : undefined });
      expect(await failureOf(transfers.run(job))).toMatchObject({ code: "VENDOR_UNAVAILABLE", retryable: true });
      expect([heldIn(folder), readdirSync(folder).length]).toEqual([HALF, 1]);
      server.answer(...second);
      const transferred = await transfers.run(job);
      expect(transferred.identity).toMatchObject(WHOLE);
      expect(readFileSync(transferred.path).equals(BYTES)).toBe(true);
      expect(readdirSync(folder)).toHaveLength(1);
      const asked = server.requests.slice(1).map(({ headers }) => headers.range);
      return { asked, resumedFromByte: transferred.resumedFromByte };
    }

    const REST = `bytes=${HALF}-`;
    const resumed = { asked: [REST], resumedFromByte: HALF };
    const askedTwice = { asked: [REST, undefined], resumedFromByte: 0 };
    const notAsked = { asked: [undefined], resumedFromByte: 0 };

    test("goes on when a digest will prove the whole, whatever the server says of the version", async () => {
      expect(await goOn({}, true, ranged())).toEqual(resumed);
      expect(await goOn({ headers: ETAG }, true, ranged({ etag: '"v2"' }))).toEqual(resumed);
    });

    test("goes on with the same strong entity tag", async () => {
      expect(await goOn({ headers: ETAG }, false, ranged(ETAG))).toEqual(resumed);
    });

    test.each([
      ["another entity tag", ranged({ etag: '"v2"' })],
      ["no entity tag any more", ranged()],
      ["a weak entity tag", ranged({ etag: 'W/"v1"' })],
    ])("starts over with %s", async (_what, answer) => {
      expect(await goOn({ headers: ETAG }, false, answer)).toEqual(askedTwice);
    });

    test.each([
      ["a weak", { etag: 'W/"v1"' }],
      ["no", {}],
    ])("starts over, without asking for the rest, when it had %s entity tag", async (_what, headers) => {
      expect(await goOn({ headers }, false, ranged(ETAG))).toEqual(notAsked);
    });

    const elsewhere = { "content-range": `bytes ${HALF - 1}-${BYTES.length - 1}/${BYTES.length}` };
    const otherTotal = { "content-range": `bytes ${HALF}-${BYTES.length - 1}/${BYTES.length + 1}` };
    const empty = `bytes ${HALF}-${BYTES.length - 1}/${BYTES.length}`;
    test.each<[string, Answer]>([
      ["of another place", ranged(elsewhere)],
      ["of a longer file", ranged(otherTotal)],
      ["without a body", (response) => response.writeHead(206, { "content-range": empty, "content-length": 0 }).end()],
      ["416", (response) => response.writeHead(416, { "content-range": `bytes */${BYTES.length}` }).end()],
      ["204", (response) => response.writeHead(204).end()],
    ])("starts over when the answer is %s", async (_what, answer) => {
      expect(await goOn({}, true, answer, whole())).toEqual(askedTwice);
    });

    test("starts over in the same answer when the range is ignored", async () => {
      expect(await goOn({}, true, whole())).toEqual({ asked: [REST], resumedFromByte: 0 });
    });
  });

  test("bytes that are held already are read and not asked for again", async () => {
    const { toJob } = await openJobs();
    const server = await openScriptedServer(whole());
    const job = toJob(server, { sha256: SHA256 });
    await transfers.run(job);
    const again = await transfers.run(job);
    expect(again).toMatchObject({ identity: WHOLE, resumedFromByte: BYTES.length });
    expect(server.requests).toHaveLength(1);
  });

  test("bytes of before the machine was started anew are not gone on with", async () => {
    const { folder, toJob } = await openJobs();
    const server = await openScriptedServer(ranged(ETAG));
    // What a power cut leaves may be zeros.
    writeFileSync(join(folder, `rec_1.e${"0".repeat(32)}.partial`), Buffer.alloc(HALF));
    expect(await transfers.run(toJob(server))).toMatchObject({ identity: WHOLE, resumedFromByte: 0 });
    expect([readdirSync(folder).length, server.requests[0]?.headers.range]).toEqual([1, undefined]);
  });

  test("bytes are not looked for where there can be none", async () => {
    const { toJob } = await openJobs();
    const server = await openScriptedServer(whole());
    const job = toJob(server, { sha256: SHA256, mayHoldBytes: false });
    for (const requests of [1, 2]) {
      expect(await transfers.run(job)).toMatchObject({ identity: WHOLE, resumedFromByte: 0 });
      expect(server.requests).toHaveLength(requests);
    }
  });

  test("an abort leaves the first bytes for the next run, and its reason comes through", async () => {
    const { folder, toJob } = await openJobs();
    const controller = new AbortController();
    const stop = () => controller.abort(new RangeError("enough"));
    const server = await openScriptedServer(half(folder, stop, ETAG), ranged(ETAG));
    const job = toJob(server);
    await expect(transfers.run(job, { signal: controller.signal })).rejects.toThrow("enough");
    await expect(transfers.run(job, { signal: controller.signal })).rejects.toThrow("enough");
    expect([heldIn(folder), server.requests.length]).toEqual([HALF, 1]);
    expect(await transfers.run(job)).toMatchObject({ identity: WHOLE, resumedFromByte: HALF });
  });
});
