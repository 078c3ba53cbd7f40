import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Transfers } from "../../../../src/ingest/transfer/transfer.ts";
import { DRIVERS, failureOf, WHOLE } from "./transfer-drivers.ts";
import {
  BYTES,
  HALF,
  half,
  hangUp,
  heldIn,
  KEY_HEADERS,
  openJobs,
  openScriptedServer,
  REPR_DIGEST,
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

  test("a body comes whole, is identified, and its bytes are told of", async () => {
    const { folder, toJob } = await openJobs();
    const big = Buffer.alloc(3_000_000, BYTES);
    const server = await openScriptedServer(whole({}, big));
    let told = 0;
    const job = toJob(server, { sizeBytes: undefined, limitBytes: 1e9 });
    const { path, ...transferred } = await transfers.run(job, {
      onBytes: (bytes) => {
        told += bytes;
      },
    });
    expect(readFileSync(path).equals(big)).toBe(true);
    expect(transferred).toMatchObject({ identity: { sizeBytes: big.length }, resumedFromByte: 0 });
    expect([transferred.httpSha256, transferred.secondSha256]).toEqual([undefined, undefined]);
    expect([told > 0, told <= big.length]).toEqual([true, true]);
    expect(readdirSync(folder)).toHaveLength(1);
    expect(server.requests.map(({ headers }) => headers.range)).toEqual([undefined]);
  });

  describe("a body that is longer than the limit", () => {
    test("is broken off, and nobody goes on with it", async () => {
      const { folder, toJob } = await openJobs();
      const server = await openScriptedServer(whole(ETAG));
      const job = toJob(server, { sizeBytes: 1000, limitBytes: 1001 });
      const error = await failureOf(transfers.run(job));
      expect(error).toMatchObject({ code: "SIZE_MISMATCH", expectedBytes: 1000 });
      expect(readdirSync(folder)).toEqual([]);
    });

    test("is not taken for whole because its first piece has the promised size", async () => {
      const { folder, toJob } = await openJobs();
      const server = await openScriptedServer(async (response) => {
        response.writeHead(200, { "content-length": BYTES.length, ...ETAG });
        response.write(BYTES.subarray(0, HALF));
        while (heldIn(folder) < HALF) await sleep(5);
        response.end(BYTES.subarray(HALF));
      });
      const job = toJob(server, { sizeBytes: HALF, limitBytes: HALF + 1 });
      for (const requests of [1, 2]) {
        expect(await failureOf(transfers.run(job))).toMatchObject({ code: "SIZE_MISMATCH" });
        expect([server.requests.length, readdirSync(folder)]).toEqual([requests, []]);
      }
    });
  });

  test("a body that ends before its Content-Length is an outage", async () => {
    const { folder, toJob } = await openJobs();
    const server = await openScriptedServer(half(folder, (response) => void response.socket?.end()));
    expect(await failureOf(transfers.run(toJob(server)))).toMatchObject({
      code: "VENDOR_UNAVAILABLE",
      retryable: true,
    });
  });

  test("a whole body of another size than was promised comes, for whoever asked to judge", async () => {
    const { toJob } = await openJobs();
    const server = await openScriptedServer(whole());
    const { identity } = await transfers.run(toJob(server, { sizeBytes: 5, limitBytes: 1e6 }));
    expect(identity).toMatchObject(WHOLE);
  });

  describe("two reads", () => {
    test("of the same bytes, over two connections, of which one file is left", async () => {
      const { folder, toJob } = await openJobs();
      const server = await openScriptedServer(whole());
      expect(await transfers.run(toJob(server, { reads: 2 }))).toMatchObject({ identity: WHOLE, secondSha256: SHA256 });
      expect([server.requests.length, new Set(server.ports).size]).toEqual([2, 2]);
      expect(readdirSync(folder)).toHaveLength(1);
    });

    test("of bytes that differ are told apart", async () => {
      const { toJob } = await openJobs();
      const other = Buffer.from(BYTES);
      other.writeUInt8(other.readUInt8(HALF) ^ 1, HALF);
      const server = await openScriptedServer(whole(), whole({}, other));
      const { identity, secondSha256 } = await transfers.run(toJob(server, { reads: 2 }));
      expect(identity.sha256).toBe(SHA256);
      expect(secondSha256).toMatch(/^[0-9a-f]{64}$/);
      expect(secondSha256).not.toBe(SHA256);
    });

    test("are no two when the second is too short, which says nothing against the first", async () => {
      const { folder, toJob } = await openJobs();
      const server = await openScriptedServer(whole(), whole({}, BYTES.subarray(0, HALF)), whole());
      const job = toJob(server, { reads: 2, sizeBytes: BYTES.length });
      expect(await failureOf(transfers.run(job))).toMatchObject({
        code: "SIZE_MISMATCH",
        expectedBytes: BYTES.length,
        foundBytes: HALF,
      });
      expect(heldIn(folder)).toBe(BYTES.length);
    });

    test("are no two when the second breaks off", async () => {
      const { folder, toJob } = await openJobs();
      const server = await openScriptedServer(whole(), half(folder, hangUp));
      const failure = await failureOf(transfers.run(toJob(server, { reads: 2 })));
      expect(failure).toMatchObject({ code: "VENDOR_UNAVAILABLE" });
    });
  });

  test.each([
    ["right", REPR_DIGEST, SHA256],
    ["of another algorithm", { "repr-digest": "sha-512=:AAAA:" }, undefined],
    ["wrong", { "repr-digest": `sha-256=:${Buffer.alloc(32).toString("base64")}:` }, "0".repeat(64)],
  ])("a Repr-Digest that is %s is handed on as it is", async (_what, headers, httpSha256) => {
    const { toJob } = await openJobs();
    const server = await openScriptedServer(whole(headers));
    expect((await transfers.run(toJob(server))).httpSha256).toBe(httpSha256);
  });

  test("the key goes to the first origin and to no other, also when the rest is asked for", async () => {
    const { folder, toJob } = await openJobs();
    const storage = await openScriptedServer(half(folder, hangUp, ETAG), ranged(ETAG));
    const api = await openScriptedServer((response) =>
      response.writeHead(302, { location: `${storage.origin}/tmp/rec_1?sig=abc` }).end(),
    );
    const job = toJob(api);
    await failureOf(transfers.run(job));
    expect(await transfers.run(job)).toMatchObject({ resumedFromByte: HALF });
    expect(api.requests.map(({ headers }) => headers["x-auth-token"])).toEqual(
      Array(2).fill(KEY_HEADERS["x-auth-token"]),
    );
    expect(storage.requests).toHaveLength(2);
    expect(JSON.stringify(storage.requests)).not.toContain(KEY_HEADERS["x-auth-token"]);
  });

  test("a refusal has its status, and a server that has too much to do is known as that", async () => {
    const { folder, toJob } = await openJobs();
    const server = await openScriptedServer(
      (response) => response.writeHead(503, { "retry-after": "7" }).end(),
      (response) => response.writeHead(404).end(),
    );
    const job = toJob(server);
    expect(await failureOf(transfers.run(job))).toMatchObject({
      code: "VENDOR_UNAVAILABLE",
      throttled: true,
      retryAfterMs: 7000,
    });
    expect(await failureOf(transfers.run(job))).toMatchObject({ code: "VENDOR_NOT_FOUND", retryable: false });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("a folder that is gone is a failure of the storage", async () => {
    const { folder, toJob } = await openJobs();
    const server = await openScriptedServer(whole());
    const job = toJob(server, { stem: `${folder}/none/rec_1` });
    expect(await failureOf(transfers.run(job))).toMatchObject({ code: "STORAGE_NOT_FOUND" });
  });

  describe("with little patience", () => {
    const withImpatient = async (use: (impatient: Transfers) => Promise<void>) => {
      const impatient = open({ timeoutMs: 400 });
      await use(impatient).finally(() => impatient.close());
    };

    test("a body that stalls is an outage, and what came of it is held", () =>
      withImpatient(async (impatient) => {
        const { folder, toJob } = await openJobs();
        const server = await openScriptedServer(half(folder, () => undefined));
        expect(await failureOf(impatient.run(toJob(server)))).toMatchObject({ code: "VENDOR_UNAVAILABLE" });
        expect(heldIn(folder)).toBe(HALF);
      }));

    test("a body that drips is one too, although it never stalls", () =>
      withImpatient(async (impatient) => {
        const { toJob } = await openJobs();
        const server = await openScriptedServer((response) => {
          response.writeHead(200, { "content-length": BYTES.length });
          const drip = setInterval(() => response.write(Buffer.alloc(10)), 20);
          response.on("close", () => clearInterval(drip));
        });
        const failure = await failureOf(impatient.run(toJob(server)));
        expect(failure).toMatchObject({
          code: "VENDOR_UNAVAILABLE",
          message: expect.stringContaining("less than 1000 bytes a second"),
        });
      }));
  });
});
