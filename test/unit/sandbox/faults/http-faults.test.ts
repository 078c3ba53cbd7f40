import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../../../src/sandbox/open-sandbox.ts";
import { rawGet } from "../raw-get.ts";
import { call } from "../sandbox-rig.ts";
import { openSeeded, seedFolder } from "../seeded-folder.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-faults-"));
  await seedFolder(folder);
});

afterAll(() => rm(folder, { recursive: true }));

interface Rig {
  readonly sandbox: Sandbox;
  readonly id: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** The bytes as they are. */
  readonly bytes: Buffer;
  /** A temporary URL of them. */
  readonly link: string;
}

/** Starts a sandbox with faults that strike at its bytes, and looks at the first of its recordings. */
async function openFaulty(faults: string): Promise<Rig> {
  const plain = await openSeeded(folder);
  const [{ recordingId: id = "", sizeBytes = 0, sha256 = "" } = {}] = plain.recordings();
  const bytes = (await rawGet(await linkOf(plain, id))).body;
  expect(sha256Of(bytes)).toBe(sha256);
  const sandbox = await openSeeded(folder, { faults });
  return { sandbox, id, sizeBytes, sha256, bytes, link: await linkOf(sandbox, id) };
}

async function linkOf(sandbox: Sandbox, id: string): Promise<string> {
  return (await call(sandbox, `GET /recordings/${id}/download`)).location ?? "";
}

function sha256Of(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

describe("faults that break a transfer off", () => {
  it("resets at the byte that was named, and once only when so asked", async () => {
    const { sandbox, link, bytes } = await openFaulty("reset=1000/media/once");
    const broken = await rawGet(link);
    expect(broken).toMatchObject({ status: 200, end: "rst" });
    expect(broken.body).toEqual(bytes.subarray(0, 1000));
    expect(broken.headers.get("content-length")).toBe(String(bytes.length));
    expect((await rawGet(link)).body).toEqual(bytes);
    expect(sandbox.faultCounts).toEqual(new Map([["reset", 1]]));
  });

  it("ends early under a right Content-Length", async () => {
    const { link, bytes } = await openFaulty("cut=1000/media");
    const broken = await rawGet(link);
    expect(broken).toMatchObject({ status: 200, end: "fin", body: bytes.subarray(0, 1000) });
    expect(broken.headers.get("content-length")).toBe(String(bytes.length));
  });

  it("breaks off within the body wherever no byte is named", async () => {
    const { link, bytes } = await openFaulty("cut/media");
    const { body } = await rawGet(link);
    expect(body.length).toBeLessThan(bytes.length);
    expect(body.equals(bytes.subarray(0, body.length))).toBe(true);
  });

  it("stalls until the client goes", async () => {
    const { link, bytes } = await openFaulty("stall=1000/media");
    expect(await rawGet(link, { leaveAtByte: 1000 })).toMatchObject({ end: "left", body: bytes.subarray(0, 1000) });
  });

  it("drips all of it", async () => {
    const { sandbox, link, bytes } = await openFaulty("drip=2000000/media");
    expect((await rawGet(link)).body).toEqual(bytes);
    expect(sandbox.faultCounts.get("drip")).toBe(1);
  });

  it("breaks lists and redirects off too", async () => {
    const sandbox = await openSeeded(folder, { faults: "cut/list/once,reset/download/once" });
    const headers = { "X-Auth-Token": "test-key" };
    const [{ recordingId = "" } = {}] = sandbox.recordings();
    const list = await rawGet(`${sandbox.baseUrl}/recordings`, { headers });
    expect(list).toMatchObject({ status: 200, end: "fin" });
    expect(list.body.length).toBeLessThan(Number(list.headers.get("content-length")));
    const redirect = await rawGet(`${sandbox.baseUrl}/recordings/${recordingId}/download`, { headers });
    expect(redirect).toMatchObject({ status: 0, end: "rst" });
  });
});

describe("faults that change a body", () => {
  it("sends too few bytes with a Content-Length that agrees", async () => {
    const { link, bytes } = await openFaulty("short=10");
    const reply = await rawGet(link);
    expect(reply.headers.get("content-length")).toBe(String(bytes.length - 10));
    expect(reply.body).toEqual(bytes.subarray(0, -10));
  });

  it("sends too few bytes in chunks", async () => {
    const { link, bytes } = await openFaulty("short-chunked=10");
    const reply = await fetch(link);
    expect(reply.headers.get("content-length")).toBeNull();
    expect(Buffer.from(await reply.arrayBuffer())).toEqual(bytes.subarray(0, -10));
  });

  it("flips as many bytes as were asked for", async () => {
    const { link, bytes, sandbox } = await openFaulty("flip=3/once");
    const { body } = await rawGet(link);
    expect(body).toHaveLength(bytes.length);
    expect([...body].filter((byte, index) => byte !== bytes[index])).toHaveLength(3);
    expect(sha256Of((await rawGet(link)).body)).toBe(sha256Of(bytes));
    expect(sandbox.recordings()[0]?.faults).toEqual(["flip"]);
  });

  it("flips the same bytes whenever and in whichever part they are asked for, when that is always so", async () => {
    const { link, bytes, sandbox, sha256, id } = await openFaulty("flip=5/always");
    const whole = (await rawGet(link)).body;
    const parts = await Promise.all(
      ["bytes=0-9999", "bytes=10000-"].map(async (range) => (await rawGet(link, { headers: { Range: range } })).body),
    );
    expect(whole.equals(bytes)).toBe(false);
    expect(Buffer.concat(parts)).toEqual(whole);
    expect(sandbox.recordings()[0]).toMatchObject({ recordingId: id, sha256, permanentFault: "flip" });
  });

  it.each([
    ["json", "application/json; charset=utf-8", /^\{"error"/],
    ["html", "text/html", /^<!DOCTYPE html>/],
    ["empty", "text/plain", /^$/],
  ])("answers 200 with %s", async (kind, mediaType, body) => {
    const { link } = await openFaulty(`${kind}/media`);
    const reply = await rawGet(link);
    expect(reply.status).toBe(200);
    expect(reply.headers.get("content-type")).toBe(mediaType);
    expect(reply.body.toString()).toMatch(body);
  });

  it("tells a right digest when asked to, and a wrong one as a fault", async () => {
    const { link, sha256 } = await openFaulty("wrong-digest/once");
    const right = `sha-256=:${Buffer.from(sha256, "hex").toString("base64")}:`;
    const wrong = (await rawGet(link)).headers.get("repr-digest");
    expect(wrong).toMatch(/^sha-256=:[\w+/]{43}=:$/);
    expect(wrong).not.toBe(right);
    expect((await rawGet(link)).headers.has("repr-digest")).toBe(false);
    const telling = await openSeeded(folder, { reprDigest: true });
    const { headers } = await rawGet(await linkOf(telling, telling.recordings()[0]?.recordingId ?? ""));
    expect(headers.get("repr-digest")).toBe(right);
  });
});

describe("faults that refuse", () => {
  it.each([401, 403, 404, 410, 429, 500, 503])("answers %i with and without Retry-After", async (status) => {
    const { link } = await openFaulty(`${status}/media/once,${status}=7/media/once,${status}=date7/media/once`);
    const replies = [await rawGet(link), await rawGet(link), await rawGet(link)];
    expect(replies.map((reply) => reply.status)).toEqual([status, status, status]);
    expect(JSON.parse(String(replies[0]?.body))).toMatchObject({ code: status });
    expect(replies.map(({ headers }) => headers.get("retry-after"))).toEqual([
      undefined,
      "7",
      "Sun, 01 Mar 2026 12:00:07 GMT",
    ]);
    expect((await rawGet(link)).status).toBe(200);
  });

  it("refuses lists, questions and downloads, and nothing that is not named", async () => {
    const sandbox = await openSeeded(folder, { faults: "503/list/recording/once" });
    const [{ recordingId = "" } = {}] = sandbox.recordings();
    const paths = ["/recordings", `/recordings/${recordingId}`, `/recordings/${recordingId}/download`];
    const statuses = async () => Promise.all(paths.map(async (path) => (await call(sandbox, `GET ${path}`)).status));
    expect(await statuses()).toEqual([503, 503, 302]);
    expect(await statuses()).toEqual([200, 200, 302]);
  });

  it("refuses a recording always when that is its share", async () => {
    const sandbox = await openSeeded(folder, { faults: "404@0.5/always" });
    for (const { recordingId, permanentFault } of sandbox.recordings()) {
      const { status } = await call(sandbox, `GET /recordings/${recordingId}/download`);
      expect(status).toBe(permanentFault === "404" ? 404 : 302);
    }
    expect(new Set(sandbox.recordings().map(({ permanentFault }) => permanentFault))).toEqual(
      new Set(["404", undefined]),
    );
  });
});

describe("faults of ranges", () => {
  const headers = { Range: "bytes=1000-1999" };

  it.each(["ignore-range", "range-start", "range-total", "empty-range"])(
    "leaves a whole file alone: %s",
    async (kind) => {
      const { link, bytes } = await openFaulty(kind);
      expect(await rawGet(link)).toMatchObject({ status: 200, body: bytes });
    },
  );

  it("sends the whole file with 200", async () => {
    const { link, bytes } = await openFaulty("ignore-range");
    expect(await rawGet(link, { headers })).toMatchObject({ status: 200, body: bytes });
  });

  it("sends another part, and says so", async () => {
    const { link, bytes } = await openFaulty("range-start");
    const reply = await rawGet(link, { headers });
    expect(reply.headers.get("content-range")).toBe(`bytes 500-1999/${bytes.length}`);
    expect(reply).toMatchObject({ status: 206, body: bytes.subarray(500, 2000) });
  });

  it("states another total", async () => {
    const { link, bytes } = await openFaulty("range-total");
    const reply = await rawGet(link, { headers });
    expect(reply.headers.get("content-range")).toBe(`bytes 1000-1999/${bytes.length + 1}`);
    expect(reply.body).toEqual(bytes.subarray(1000, 2000));
  });

  it("sends nothing with 206", async () => {
    const { link } = await openFaulty("empty-range");
    const reply = await rawGet(link, { headers });
    expect(reply).toMatchObject({ status: 206, body: Buffer.alloc(0) });
    expect(reply.headers.get("content-length")).toBe("0");
  });
});

describe("faults of temporary URLs", () => {
  it.each([403, 410])("hands out a URL that the storage refuses with %i, and a good one later", async (status) => {
    const { link, sandbox, id } = await openFaulty(`expired-${status}/once`);
    expect((await rawGet(link)).status).toBe(status);
    expect((await rawGet(link)).status).toBe(status);
    expect((await rawGet(await linkOf(sandbox, id))).status).toBe(200);
  });

  it("leads to another host, which has the bytes and counts keys", async () => {
    const { link, sandbox, id, bytes } = await openFaulty("other-host/once");
    const other = new URL(link).host;
    expect([new URL(sandbox.baseUrl).host, new URL(await linkOf(sandbox, id)).host]).not.toContain(other);
    expect((await rawGet(link)).body).toEqual(bytes);
    expect(sandbox.leakedKeys).toBe(0);
    await rawGet(link, { headers: { "X-Auth-Token": "any" } });
    await rawGet(`${link}?key=test-key`);
    expect(sandbox.leakedKeys).toBe(2);
  });

  it("leads into a circle", async () => {
    const { link } = await openFaulty("redirect-loop");
    const next = (await rawGet(link)).headers.get("location") ?? "";
    const after = (await rawGet(new URL(next, link).href)).headers.get("location") ?? "";
    expect(new URL(after, link).href).toBe(link);
  });

  it.each([
    ["redirect-file", "file:///etc/passwd"],
    ["redirect-ftp", "ftp://127.0.0.1/recording"],
  ])("leads out of HTTP: %s", async (kind, target) => {
    expect((await openFaulty(kind)).link).toBe(target);
  });
});
