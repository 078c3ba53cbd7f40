import type { ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import * as errors from "../../../../src/vendor/errors.ts";
import type { Download } from "../../../../src/vendor/http/open-download.ts";
import { sendJson } from "../local-server.ts";
import { thrownBy } from "../thrown-by.ts";
import { API_KEY, openApi, openServer } from "./api-under-test.ts";
import { NOT_FOUND, RECORDING } from "./vendor-page.ts";

const BYTES = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));
const SIGNATURE = "sig=5f3a";

function sendBytes(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "audio/mpeg", "content-length": BYTES.length }).end(BYTES);
}

function redirect(response: ServerResponse, location: string, status = 302): void {
  response.writeHead(status, { location }).end("elsewhere");
}

async function bytesOf({ chunks }: Download): Promise<Buffer> {
  return buffer(chunks as AsyncIterable<Buffer>);
}

describe("AudianApi.downloadRecording", () => {
  it.each([301, 302, 303, 307, 308])("follows status %i to another host and leaves the key behind", async (status) => {
    const storage = await openServer((_, response) => sendBytes(response));
    const { api, server } = await openApi((_, response) =>
      redirect(response, `${storage.origin}/tmp/a.mp3?${SIGNATURE}`, status),
    );
    const download = await api.downloadRecording("rec_abc123");
    expect(download).toMatchObject({ contentType: "audio/mpeg", sizeBytes: BYTES.length });
    expect(BYTES.equals(await bytesOf(download))).toBe(true);
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "GET /v2/recordings/rec_abc123/download",
    ]);
    expect(server.requests[0]?.headers).toMatchObject({ "x-auth-token": API_KEY });
    expect(storage.requests[0]?.path).toBe(`/tmp/a.mp3?${SIGNATURE}`);
    expect(JSON.stringify(storage.requests)).not.toContain(API_KEY);
  });

  it("leaves a bearer behind too", async () => {
    const storage = await openServer((_, response) => sendBytes(response));
    const { api } = await openApi((_, response) => redirect(response, `${storage.origin}/a`), { auth: "bearer" });
    await bytesOf(await api.downloadRecording("rec_abc123"));
    expect(storage.requests).toHaveLength(1);
    expect(JSON.stringify(storage.requests)).not.toContain(API_KEY);
  });

  it("sends the key along a relative redirect, which stays at the API", async () => {
    const { api, server } = await openApi(({ path }, response) =>
      path.startsWith("/tmp") ? sendBytes(response) : redirect(response, `/tmp/a.mp3?${SIGNATURE}`),
    );
    expect(BYTES.equals(await bytesOf(await api.downloadRecording("rec_abc123")))).toBe(true);
    expect(server.requests[1]).toMatchObject({
      path: `/tmp/a.mp3?${SIGNATURE}`,
      headers: { "x-auth-token": API_KEY },
    });
  });

  it("takes bytes that come without a redirect, without a length or a type", async () => {
    const { api, server } = await openApi((_, response) => {
      response.write(BYTES.subarray(0, 1000));
      response.end(BYTES.subarray(1000));
    });
    const download = await api.downloadRecording("rec_abc123");
    expect(download).toMatchObject({ contentType: undefined, sizeBytes: undefined });
    expect(BYTES.equals(await bytesOf(download))).toBe(true);
    expect(server.requests[0]?.headers.accept).toMatch(/^audio\/mpeg,/);
  });

  it("follows five redirects but not six", async () => {
    const { api, server } = await openApi(({ path }, response) => {
      const hop = Number(/hop(\d)/.exec(path)?.[1] ?? 0);
      const last = path.includes("six") ? 6 : 5;
      if (hop === last) sendBytes(response);
      else redirect(response, `/${last === 6 ? "six" : "five"}/hop${hop + 1}?${SIGNATURE}`);
    });
    expect(BYTES.equals(await bytesOf(await api.downloadRecording("five")))).toBe(true);
    expect(server.requests).toHaveLength(6);
    const error = await thrownBy(api.downloadRecording("six"));
    expect(error).toBeInstanceOf(errors.VendorRedirectError);
    expect(error).toMatchObject({ message: "redirect refused for recording six: more than 5 redirects" });
    expect(server.requests).toHaveLength(12);
  });

  it("gives up on a loop", async () => {
    const { api, server } = await openApi(({ path }, response) => redirect(response, path));
    expect(await thrownBy(api.downloadRecording("rec_abc123"))).toBeInstanceOf(errors.VendorRedirectError);
    expect(server.requests).toHaveLength(6);
  });

  it.each([
    "file:///etc/passwd",
    "ftp://127.0.0.1/a",
    "data:audio/mpeg,abc",
    "http://user@127.0.0.1:1/",
    "http://:pw@127.0.0.1:1/",
  ])("does not go to %s", async (location) => {
    const { api } = await openApi((_, response) => redirect(response, `${location}?${SIGNATURE}`));
    const error = await thrownBy(api.downloadRecording("rec_abc123"));
    expect(error).toBeInstanceOf(errors.VendorRedirectError);
    expect(error).toMatchObject({ message: expect.not.stringMatching(/passwd|sig=|user|pw@/) });
  });

  it("tells of a redirect without a usable address", async () => {
    const { api } = await openApi((_, response) => redirect(response, "http://"));
    expect(await thrownBy(api.downloadRecording("rec_abc123"))).toBeInstanceOf(errors.VendorResponseError);
  });

  it.each([
    ["application/json; charset=utf-8", JSON.stringify(RECORDING), "application/json"],
    ["text/html", "<html>", "text/html"],
    ["application/problem+json", "{}", "application/problem+json"],
  ])("does not take a %s for a recording", async (type, body, named) => {
    const { api } = await openApi((_, response) => response.writeHead(200, { "content-type": type }).end(body));
    const error = await thrownBy(api.downloadRecording("rec_abc123"));
    expect(error).toBeInstanceOf(errors.VendorResponseError);
    expect(error).toMatchObject({ message: expect.stringContaining(`${named} instead of the recording's bytes`) });
  });

  it.each<[string, number, Record<string, string>]>([
    ["a part", 206, { "content-range": "bytes 0-1/9" }],
    ["nothing", 204, {}],
    ["compressed bytes", 200, { "content-encoding": "gzip" }],
  ])("does not take %s for the recording", async (_what, status, headers) => {
    const { api } = await openApi((_, response) => response.writeHead(status, headers).end());
    expect(await thrownBy(api.downloadRecording("rec_abc123"))).toBeInstanceOf(errors.VendorResponseError);
  });

  it("tells a missing recording by the API's answer and by the storage's", async () => {
    const storage = await openServer((_, response) => response.writeHead(404).end());
    const { api } = await openApi(({ path }, response) =>
      path.includes("rec_old") ? sendJson(response, NOT_FOUND, 404) : redirect(response, `${storage.origin}/a`),
    );
    expect(await thrownBy(api.downloadRecording("rec_old"))).toBeInstanceOf(errors.VendorNotFoundError);
    expect(await thrownBy(api.downloadRecording("rec_abc123"))).toBeInstanceOf(errors.VendorNotFoundError);
  });

  it("tells an expired address from a wrong key", async () => {
    const storage = await openServer((_, response) => response.writeHead(403).end());
    const { api } = await openApi(({ path }, response) =>
      path.includes("rec_denied") ? response.writeHead(403).end() : redirect(response, `${storage.origin}/a`),
    );
    expect(await thrownBy(api.downloadRecording("rec_abc123"))).toBeInstanceOf(errors.VendorUnavailableError);
    expect(await thrownBy(api.downloadRecording("rec_denied"))).toBeInstanceOf(errors.VendorUnauthorizedError);
  });
});

describe("a download's body", () => {
  it("that never begins is an outage", async () => {
    const { api } = await openApi(() => undefined, { timeoutMs: 300 });
    const error = await thrownBy(api.downloadRecording("rec_abc123"));
    expect(error).toBeInstanceOf(errors.VendorUnavailableError);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ["is reset", (response) => response.socket?.resetAndDestroy()],
    ["ends short of its length", (response) => response.socket?.end()],
    ["stalls", () => undefined],
  ])("that %s is an outage", async (_what, breakOff) => {
    const { api } = await openApi(
      (_, response) => {
        response.writeHead(200, { "content-length": BYTES.length });
        response.write(BYTES.subarray(0, 50_000), () => setTimeout(() => breakOff(response), 30));
      },
      { timeoutMs: 400 },
    );
    const error = await thrownBy(bytesOf(await api.downloadRecording("rec_abc123")));
    expect(error).toBeInstanceOf(errors.VendorUnavailableError);
    expect(error).toMatchObject({ retryable: true, cause: expect.any(Error) });
  });

  it.each(["keep-alive", "close"])("in chunks that breaks off with Connection: %s is an outage", async (connection) => {
    const { api } = await openApi((_, response) => {
      response.writeHead(200, { connection });
      response.write(BYTES, () => setTimeout(() => response.socket?.end(), 30));
    });
    const error = await thrownBy(bytesOf(await api.downloadRecording("rec_abc123")));
    expect(error).toBeInstanceOf(errors.VendorUnavailableError);
  });

  it("that fails before it is read fails when it is read", async () => {
    const { api } = await openApi((_, response) => {
      response.writeHead(200, { "content-length": BYTES.length });
      response.write(BYTES.subarray(0, 10), () => setTimeout(() => response.socket?.resetAndDestroy(), 10));
    });
    const download = await api.downloadRecording("rec_abc123");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await thrownBy(bytesOf(download))).toBeInstanceOf(errors.VendorUnavailableError);
  });

  it("that a slow reader has not asked for is no stall", async () => {
    const body = Buffer.alloc(4_000_000, 7);
    const { api } = await openApi((_, response) => response.end(body), { timeoutMs: 200 });
    const download = await api.downloadRecording("rec_abc123");
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect((await bytesOf(download)).equals(body)).toBe(true);
  });

  it("closes its connection when the reader stops early", async () => {
    const { api, server } = await openApi((_, response) => {
      response.writeHead(200, { "content-type": "audio/wav" }).write(BYTES);
    });
    const download = await api.downloadRecording("rec_abc123");
    for await (const chunk of download.chunks) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await server.untilIdle();
  });

  it("rejects with the caller's reason when stopped half way", async () => {
    const reason = new Error("stopped by the caller");
    const controller = new AbortController();
    const { api } = await openApi((_, response) => response.writeHead(200).write(BYTES));
    const download = await api.downloadRecording("rec_abc123", { signal: controller.signal });
    const reading = thrownBy(bytesOf(download));
    controller.abort(reason);
    expect(await reading).toBe(reason);
  });

  it("that nobody reads does not keep the client from closing", async () => {
    const { api, server } = await openApi((_, response) => response.writeHead(200).write(BYTES));
    await api.downloadRecording("rec_abc123");
    await api.close();
    await server.untilIdle();
  });
});
