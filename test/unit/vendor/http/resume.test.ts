import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import type { HeldBytes } from "../../../../src/vendor/http/open-download.ts";
import type { SeenRequest } from "../local-server.ts";
import { bytesOf, openTransport } from "./transport-under-test.ts";

const BYTES = Buffer.from(Array.from({ length: 50_000 }, (_, index) => index % 251));
const ETAG = '"v1"';
const HELD_BYTES = 20_000;
const HELD: HeldBytes = { sizeBytes: HELD_BYTES, isSame: (etag) => etag === ETAG };
const REST = { "content-range": `bytes ${HELD_BYTES}-${BYTES.length - 1}/${BYTES.length}`, etag: ETAG };

function sendWhole(response: ServerResponse): void {
  response.writeHead(200, { "content-length": BYTES.length, etag: ETAG }).end(BYTES);
}

/** Opens the rest at a server that answers a request with a range in a way of its own, and any other with the whole. */
async function openRest(answerRange: (response: ServerResponse, request: SeenRequest) => void, held = HELD) {
  const served = await openTransport((request, response) =>
    request.headers.range === undefined ? sendWhole(response) : answerRange(response, request),
  );
  return { ...served, download: await served.open({ held }) };
}

describe("a download that goes on", () => {
  it("takes the rest of the same file", async () => {
    const sha256 = createHash("sha256").update(BYTES).digest();
    const { download, server } = await openRest((response) =>
      response
        .writeHead(206, { ...REST, "repr-digest": `sha-256=:${sha256.toString("base64")}:` })
        .end(BYTES.subarray(HELD_BYTES)),
    );
    expect(download).toMatchObject({
      firstByte: HELD_BYTES,
      sizeBytes: BYTES.length,
      etag: ETAG,
      sha256: sha256.toString("hex"),
    });
    expect((await bytesOf(download)).equals(BYTES.subarray(HELD_BYTES))).toBe(true);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.headers.range).toBe(`bytes=${HELD_BYTES}-`);
  });

  it("takes the rest in chunks without a length", async () => {
    const { download } = await openRest((response) => {
      response.writeHead(206, REST).write(BYTES.subarray(HELD_BYTES, 30_000));
      response.end(BYTES.subarray(30_000));
    });
    expect(download).toMatchObject({ firstByte: HELD_BYTES, sizeBytes: BYTES.length });
    expect((await bytesOf(download)).equals(BYTES.subarray(HELD_BYTES))).toBe(true);
  });

  it("asks the temporary address for the rest too", async () => {
    const { download, server } = await openRest((response, { path }) => {
      if (path === "/a") response.writeHead(302, { location: "/tmp" }).end();
      else response.writeHead(206, REST).end(BYTES.subarray(HELD_BYTES));
    });
    expect(download.firstByte).toBe(HELD_BYTES);
    expect(server.requests.map(({ headers }) => headers.range)).toEqual([
      `bytes=${HELD_BYTES}-`,
      `bytes=${HELD_BYTES}-`,
    ]);
  });
});

describe("a download starts over", () => {
  const tail = BYTES.subarray(HELD_BYTES);
  it.each<[string, number, Record<string, string>, Buffer]>([
    ["another start", 206, { ...REST, "content-range": "bytes 0-49999/50000" }, BYTES],
    ["a later start", 206, { ...REST, "content-range": "bytes 20001-49999/50000" }, tail.subarray(1)],
    ["an end that is not the file's", 206, { ...REST, "content-range": "bytes 20000-30000/50000" }, tail],
    ["no total", 206, { ...REST, "content-range": "bytes 20000-49999/*" }, tail],
    ["no Content-Range", 206, { etag: ETAG }, tail],
    ["a Content-Range that is none", 206, { ...REST, "content-range": "bytes */50000" }, Buffer.alloc(0)],
    ["another entity tag", 206, { ...REST, etag: '"v2"' }, tail],
    ["a weak entity tag", 206, { ...REST, etag: 'W/"v1"' }, tail],
    ["no entity tag", 206, { "content-range": REST["content-range"] }, tail],
    ["compression", 206, { ...REST, "content-encoding": "gzip" }, tail],
    ["416", 416, { "content-range": "bytes */50000" }, Buffer.from("{}")],
    ["204", 204, {}, Buffer.alloc(0)],
  ])("when a range is answered with %s", async (_what, status, headers, body) => {
    const { download, server } = await openRest((response) => response.writeHead(status, headers).end(body));
    expect(download).toMatchObject({ firstByte: 0, sizeBytes: BYTES.length });
    expect((await bytesOf(download)).equals(BYTES)).toBe(true);
    expect(server.requests.map(({ headers: sent }) => sent.range)).toEqual([`bytes=${HELD_BYTES}-`, undefined]);
  });

  it("when the server gives the whole file, which is asked for once", async () => {
    const { download, server } = await openRest(sendWhole);
    expect(download).toMatchObject({ firstByte: 0, sizeBytes: BYTES.length });
    expect((await bytesOf(download)).equals(BYTES)).toBe(true);
    expect(server.requests).toHaveLength(1);
  });
});

describe("a body that goes on but is not as it says", () => {
  it("is an outage when it is empty", async () => {
    const { download } = await openRest((response) => response.writeHead(206, REST).end());
    expect(download.firstByte).toBe(HELD_BYTES);
    expect(await bytesOf(download)).toHaveLength(0);
    // Whoever reads it sees that the bytes end short of this.
    expect(download.sizeBytes).toBe(BYTES.length);
  });
});
