import type { ServerResponse } from "node:http";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { Secret } from "../../../../src/core/secret.ts";
import * as errors from "../../../../src/vendor/errors.ts";
import { openLocalServer, sendJson } from "../local-server.ts";
import { thrownBy } from "../thrown-by.ts";
import { API_KEY, openApi } from "./api-under-test.ts";
import { INVALID_FORMAT, LIST, NOT_FOUND, QUOTA_EXCEEDED, RECORDING } from "./vendor-page.ts";

const NOW = Date.parse("2024-01-15T10:00:00Z");
const clock = { now: () => NOW };

async function errorOf(answer: (response: ServerResponse) => void, timeoutMs = 5000): Promise<unknown> {
  const { api } = await openApi((_, response) => answer(response), { timeoutMs, clock });
  return thrownBy(api.getRecording("rec_abc123"));
}

describe("a refusal of the vendor", () => {
  it.each([
    [429, QUOTA_EXCEEDED, errors.VendorQuotaExceededError, { code: "VENDOR_QUOTA_EXCEEDED", retryable: false }],
    [
      429,
      { error: "rate_limit_exceeded" },
      errors.VendorRateLimitedError,
      { retryAfterMs: undefined, retryable: true },
    ],
    [404, NOT_FOUND, errors.VendorNotFoundError, { code: "VENDOR_NOT_FOUND", retryable: false }],
    [410, {}, errors.VendorNotFoundError, { code: "VENDOR_NOT_FOUND" }],
    [400, INVALID_FORMAT, errors.VendorInvalidFormatError, { code: "VENDOR_INVALID_FORMAT", retryable: false }],
    [400, { error: "invalid_range" }, errors.VendorBadRequestError, { status: 400, reason: "invalid_range" }],
    [400, { error: "400", message: "bad_range" }, errors.VendorBadRequestError, { reason: "bad_range" }],
    [409, { error: { nested: true } }, errors.VendorBadRequestError, { status: 409, reason: undefined }],
    [401, { error: "401" }, errors.VendorUnauthorizedError, { status: 401, retryable: false }],
    [403, "no JSON object", errors.VendorUnauthorizedError, { status: 403 }],
    [408, {}, errors.VendorUnavailableError, { code: "VENDOR_UNAVAILABLE", retryable: true }],
    [500, {}, errors.VendorUnavailableError, { code: "VENDOR_UNAVAILABLE", retryable: true }],
    [503, {}, errors.VendorUnavailableError, { retryable: true }],
  ])("with status %i and body %j is told apart", async (status, body, expected, fields) => {
    const error = await errorOf((response) => sendJson(response, body, status));
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ ...fields, name: expected.name, message: expect.stringContaining("rec_abc123") });
  });

  it.each([
    ["7", 7000],
    ["Mon, 15 Jan 2024 10:00:30 GMT", 30_000],
    ["Mon, 15 Jan 2024 09:59:00 GMT", 0],
    ["soon", undefined],
  ])("with Retry-After %s says how long to wait", async (header, retryAfterMs) => {
    const limited = await errorOf((response) => response.writeHead(429, { "retry-after": header }).end());
    expect(limited).toMatchObject({ code: "VENDOR_RATE_LIMITED", retryAfterMs });
    const unavailable = await errorOf((response) => response.writeHead(503, { "retry-after": header }).end());
    expect(unavailable).toMatchObject({ code: "VENDOR_UNAVAILABLE", retryAfterMs });
  });

  it("keeps its status when its body is longer than an error needs", async () => {
    const error = await errorOf((response) => response.writeHead(404).end("x".repeat(1_000_000)));
    expect(error).toBeInstanceOf(errors.VendorNotFoundError);
  });
});

describe("a reply that the page does not describe", () => {
  it.each([
    ["no JSON", "<html>", "not JSON"],
    ["an empty body", "", "not JSON"],
    ["a missing field", JSON.stringify({ ...RECORDING, call_id: undefined }), "call_id: "],
    ["an unknown state", JSON.stringify({ ...RECORDING, status: "lost" }), "status: "],
    ["no instant", JSON.stringify({ ...RECORDING, created_at: "15.01.2024" }), "created_at: not an ISO-8601 instant"],
    ["a negative size", JSON.stringify({ ...RECORDING, file_size: -1 }), "file_size: "],
    ["half a byte", JSON.stringify({ ...RECORDING, file_size: 1.5 }), "file_size: "],
    [
      "a control character in the id",
      JSON.stringify({ ...RECORDING, recording_id: "a\nb" }),
      "recording_id: not a rec",
    ],
    ["more than 16 MiB", `"${"x".repeat(16 * 1024 * 1024)}"`, "longer than 16777216 bytes"],
  ])("%s is named", async (_what, body, problem) => {
    const error = await errorOf((response) => response.end(body));
    expect(error).toBeInstanceOf(errors.VendorResponseError);
    expect(error).toMatchObject({ retryable: false, message: expect.stringContaining(problem) });
  });

  it("is named by its row in a list", async () => {
    const list = { ...LIST, data: [LIST.data[0], { ...LIST.data[1], created_at: "x" }] };
    const { api } = await openApi((_, response) => sendJson(response, list));
    const error = await thrownBy(api.listRecordings());
    expect(error).toMatchObject({ message: expect.stringContaining("data.1.created_at: ") });
  });

  it("may not be a redirect", async () => {
    const error = await errorOf((response) => response.writeHead(302, { location: "/v2/elsewhere" }).end());
    expect(error).toBeInstanceOf(errors.VendorRedirectError);
  });
});

describe("a connection that fails", () => {
  it("is told when nobody listens", async () => {
    const gone = await openLocalServer(() => undefined);
    await gone.close();
    const { api } = await openApi(() => undefined, { baseUrl: `${gone.origin}/v2` });
    const error = await thrownBy(api.getRecording("rec_abc123"));
    expect(error).toBeInstanceOf(errors.VendorUnavailableError);
    expect(error).toMatchObject({ message: expect.stringContaining("connection refused"), cause: expect.any(Error) });
  });

  it.each<[string, (response: ServerResponse) => void, string]>([
    ["is reset before the reply", (response) => response.socket?.resetAndDestroy(), "connection"],
    ["is never answered", () => undefined, "no "],
    ["stalls within the reply", (response) => response.writeHead(200).write("{"), "no complete answer in time"],
    ["speaks no HTTP", (response) => response.socket?.end(`SSH ${API_KEY}\r\n\r\n`), "no HTTP"],
    ["stalls within an error", (response) => response.writeHead(500).write("{"), "no complete answer in time"],
  ])("%s", async (_what, answer, problem) => {
    const error = await errorOf(answer, 300);
    expect(error).toBeInstanceOf(errors.VendorUnavailableError);
    expect(error).toMatchObject({ retryable: true, message: expect.stringContaining(problem) });
    expect(inspect(error, { depth: 9 })).not.toContain(API_KEY);
  });

  it("ends a reply that drips in slower than the timeout", async () => {
    const drip = (response: ServerResponse): void => {
      const timer = setInterval(() => response.write(" "), 50);
      response.on("close", () => clearInterval(timer));
    };
    expect(await errorOf(drip, 300)).toBeInstanceOf(errors.VendorUnavailableError);
  });

  it.each([["before", 0] as const, ["during", 50] as const])("%s a stop rejects with the reason", async (_when, ms) => {
    const reason = new DOMException("the caller's own deadline", "TimeoutError");
    const controller = new AbortController();
    if (ms === 0) controller.abort(reason);
    const { api } = await openApi(() => setTimeout(() => controller.abort(reason), ms));
    expect(await thrownBy(api.getRecording("rec_abc123", { signal: controller.signal }))).toBe(reason);
  });
});

describe("the key", () => {
  it.each([
    [401, { error: API_KEY, message: `invalid key ${API_KEY}`, data: { message: API_KEY } }],
    [400, { error: API_KEY, message: API_KEY }],
    [500, API_KEY],
    [200, { auth_token: API_KEY, data: { ...RECORDING, status: API_KEY } }],
    [200, { ...RECORDING, recording_id: `${API_KEY}\n`, created_at: API_KEY }],
    [200, { ...RECORDING, recording_id: API_KEY }],
  ])("is in no error when a reply with status %i echoes it", async (status, body) => {
    const error = await errorOf((response) => sendJson(response, body, status));
    const shown = `${String(error)} ${JSON.stringify(error)} ${inspect(error, { depth: 9, showHidden: true })}`;
    expect(shown).toContain("rec_abc123");
    expect(shown).not.toContain(API_KEY);
  });

  it("is in no error when it looks like a reason", async () => {
    const { api } = await openApi((_, response) => sendJson(response, { error: "no_such_my_key" }, 400), {
      apiKey: new Secret("my_key"),
    });
    expect(inspect(await thrownBy(api.getRecording("rec_abc123")))).not.toContain("my_key");
  });

  it("is in no error when a broken JSON reply echoes it", async () => {
    const error = await errorOf((response) => response.end(`{"auth_token":"${API_KEY}`));
    expect(error).toBeInstanceOf(errors.VendorResponseError);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(API_KEY);
  });

  it("is not shown by the client itself", async () => {
    const { api } = await openApi(() => undefined);
    expect(inspect(api, { depth: 9, showHidden: true }) + JSON.stringify(api)).not.toContain(API_KEY);
  });
});
