import type { ServerResponse } from "node:http";
import { inspect } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { parseRecordingId } from "../../../../src/core/recording-id.ts";
import { Secret } from "../../../../src/core/secret.ts";
import { AccountSource, type AccountSourceOptions } from "../../../../src/vendor/account/account-source.ts";
import { VendorResponseError, VendorUnauthorizedError } from "../../../../src/vendor/errors.ts";
import type { ListFilter } from "../../../../src/vendor/recording-source.ts";
import { type LocalServer, openLocalServer, type SeenRequest, sendJson } from "../local-server.ts";
import { thrownBy } from "../thrown-by.ts";
import { ACCOUNT_ID, type AccountRecording, EPOCH_SECONDS, openAccountServer, TOKEN } from "./account-server.ts";

const NOW_MS = Date.parse("2024-03-10T12:00:00Z");
const MINUTE_MS = 60_000;

function joinSource(server: LocalServer, options: Partial<AccountSourceOptions> = {}): AccountSource {
  const source = new AccountSource({
    baseUrl: `${server.origin}/v2`,
    apiKey: new Secret(TOKEN),
    auth: "token",
    accountId: ACCOUNT_ID,
    timeoutMs: 5000,
    clock: { now: () => NOW_MS },
    ...options,
  });
  onTestFinished(async () => {
    await source.close();
    await server.close();
  });
  return source;
}

async function openSource(held: readonly AccountRecording[], options: Partial<AccountSourceOptions> = {}) {
  const server = await openAccountServer(held);
  return { server, source: joinSource(server, options) };
}

async function openScripted(answer: (request: SeenRequest, response: ServerResponse) => void) {
  const server = await openLocalServer(answer);
  return { server, source: joinSource(server) };
}

async function listIds(source: AccountSource, filter: ListFilter = {}): Promise<string[]> {
  const ids: string[] = [];
  for await (const { recordingId } of source.list(filter)) ids.push(recordingId);
  return ids;
}

const ITEM = { id: "202403-a", call_id: "call_a", start: NOW_MS / 1000 + EPOCH_SECONDS };

describe("AccountSource.list", () => {
  it("asks for pages of 50 in Gregorian seconds and goes on by start keys", async () => {
    const held = Array.from({ length: 120 }, (_, index) => ({
      id: `202403-${index}`,
      callId: "call",
      startMs: NOW_MS - index * MINUTE_MS,
    }));
    const { source, server } = await openSource(held);
    expect((await listIds(source)).sort()).toEqual(held.map(({ id }) => id).sort());
    const [first, second, third, ...others] = server.requests.map(({ path }) => path);
    const to = NOW_MS / 1000 + 300 + EPOCH_SECONDS;
    expect(first).toBe(
      `/v2/accounts/acc%201/recordings?created_from=${to - 31 * 86_400}&created_to=${to}&page_size=50`,
    );
    expect([second, third]).toEqual([`${first}&start_key=key-50`, `${first}&start_key=key-100`]);
    expect(others).toEqual([]);
  });

  it("gives a recording once that two windows share", async () => {
    const border = Date.parse("2024-01-31T23:59:30Z");
    const { source, server } = await openSource([{ id: "a", callId: "c", startMs: border }]);
    expect(await listIds(source, { sinceMs: Date.parse("2024-01-01T00:00:00Z") })).toEqual(["a"]);
    expect(server.requests.length).toBe(3);
  });

  it("gives what was under way at since, and what was saved after until", async () => {
    const [sinceMs, untilMs] = [NOW_MS - 600 * MINUTE_MS, NOW_MS - 300 * MINUTE_MS];
    const call = (id: string, fromMs: number, toMs: number): AccountRecording => ({
      id,
      callId: "c",
      startMs: fromMs,
      durationMs: toMs - fromMs,
      savedAtMs: toMs + 2 * MINUTE_MS,
    });
    const { source } = await openSource([
      call("over before since", sinceMs - 20 * MINUTE_MS, sinceMs - MINUTE_MS),
      call("under way at since", sinceMs - 20 * MINUTE_MS, sinceMs + MINUTE_MS),
      call("within", sinceMs + MINUTE_MS, sinceMs + 5 * MINUTE_MS),
      call("saved after until", untilMs - MINUTE_MS, untilMs + 60 * MINUTE_MS),
      call("begun at until", untilMs, untilMs + MINUTE_MS),
    ]);
    expect((await listIds(source, { sinceMs, untilMs })).sort()).toEqual([
      "saved after until",
      "under way at since",
      "within",
    ]);
  });

  it.each([
    ["the same key for ever", () => "k"],
    ["two keys in turn", (asked: number) => `k${asked % 2}`],
  ])("fails on %s", async (_what, toKey) => {
    let asked = 0;
    const { source, server } = await openScripted((_, response) =>
      sendJson(response, { data: [{ ...ITEM, id: `r${asked}` }], next_start_key: toKey(asked++) }),
    );
    const error = await thrownBy(listIds(source));
    expect(error).toBeInstanceOf(VendorResponseError);
    expect(error).toMatchObject({ message: expect.stringContaining("start key comes twice") });
    expect(server.requests.length).toBeLessThan(5);
  });

  it("fails on new keys for ever that bring nothing new", async () => {
    let asked = 0;
    const { source } = await openScripted((_, response) =>
      sendJson(response, { data: [ITEM], next_start_key: `k${asked++}` }),
    );
    expect(await thrownBy(listIds(source))).toBeInstanceOf(VendorResponseError);
    expect(asked).toBeLessThan(200);
  });

  it.each([undefined, null, ""])("ends with a start key of %j", async (next_start_key) => {
    const { source } = await openScripted((_, response) => sendJson(response, { data: [ITEM], next_start_key }));
    expect(await listIds(source)).toEqual(["202403-a"]);
  });

  it("repeats no token of a reply in an error", async () => {
    const { source } = await openScripted((_, response) =>
      sendJson(response, { auth_token: TOKEN, data: [{ ...ITEM, start: TOKEN }], status: TOKEN }),
    );
    const error = await thrownBy(listIds(source));
    expect(error).toMatchObject({ message: expect.stringContaining("data.0.start: ") });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(TOKEN);
  });
});

describe("AccountSource.get", () => {
  it("takes an item over; it has neither size nor digest", async () => {
    const says = { from: "+4930123456", to: "sip:+4940987@pbx.example" };
    const held = { id: "202403-a", callId: "call_a", startMs: NOW_MS, durationMs: 61_250, says };
    const { source, server } = await openSource([held]);
    expect(await source.get(parseRecordingId("202403-a"))).toEqual({
      recordingId: "202403-a",
      callId: "call_a",
      status: "completed",
      createdAtMs: NOW_MS,
      completedAtMs: undefined,
      durationSeconds: 61.25,
      sizeBytes: undefined,
      format: "mp3",
      bitrateKbps: undefined,
      sampleRateHz: undefined,
      channels: undefined,
      sha256: undefined,
      ...{ from: "+4930123456", to: "sip:+4940987@pbx.example", direction: "inbound" },
    });
    expect(server.requests[0]).toMatchObject({
      path: "/v2/accounts/acc%201/recordings/202403-a",
      headers: { accept: "application/json" },
    });
  });

  it.each([
    [{ from: "user_a1@pbx", caller_id_number: "+4930123456" }, "+4930123456", undefined],
    [{ from: "user_a1@pbx", caller_id_number: "anonymous" }, "user_a1@pbx", undefined],
    [{ from: "", caller_id_number: "", to: null, callee_id_number: "1001" }, undefined, "1001"],
    [{ from: "+49 30 1", caller_id_number: "+49302" }, "+49 30 1", undefined],
    [{ from: 4930, to: "9".repeat(600) }, undefined, undefined],
  ])("knows of %j the parties", async (says, from, to) => {
    const { source } = await openSource([{ id: "a", callId: "c", startMs: NOW_MS, says }]);
    expect(await source.get(parseRecordingId("a"))).toMatchObject({ from, to });
  });

  it.each([
    ["outbound", "outbound"],
    ["Inbound", undefined],
    ["onnet", undefined],
    [null, undefined],
    [7, undefined],
  ])("takes the direction %j for %j", async (said, direction) => {
    const { source } = await openSource([{ id: "a", callId: "c", startMs: NOW_MS, says: { direction: said } }]);
    expect(await source.get(parseRecordingId("a"))).toMatchObject({ direction });
  });

  it("refuses a reply about another recording", async () => {
    const { source } = await openScripted((_, response) => sendJson(response, { data: ITEM }));
    expect(await thrownBy(source.get(parseRecordingId("202403-b")))).toBeInstanceOf(VendorResponseError);
  });
});

describe("the account", () => {
  it("is the one that the key's exchange tells of", async () => {
    const { source, server } = await openSource([], { auth: "exchange", accountId: undefined });
    expect(await listIds(source)).toEqual([]);
    const { url } = await source.locate(parseRecordingId("202403-a"));
    expect(new URL(url).pathname).toBe("/v2/accounts/acc%201/recordings/202403-a");
    expect(server.requests.map(({ method }) => method)).toEqual(["PUT", "GET"]);
  });

  it("that is named comes before it", async () => {
    const { source } = await openSource([], { auth: "exchange", accountId: "other" });
    const { url } = await source.locate(parseRecordingId("202403-a"));
    expect(new URL(url).pathname).toBe("/v2/accounts/other/recordings/202403-a");
  });

  it("must be known", async () => {
    const { source } = await openSource([], { accountId: undefined });
    const error = await thrownBy(listIds(source));
    expect(error).toBeInstanceOf(VendorResponseError);
    expect(error).toMatchObject({ hint: expect.stringContaining("--account-id") });
  });
});

describe("AccountSource.locate", () => {
  it("asks for audio and nothing else, with the token", async () => {
    const { source, server } = await openSource([]);
    const { headers } = await source.locate(parseRecordingId("202403-a"));
    expect(headers).toEqual({ accept: "audio/mpeg", "x-auth-token": TOKEN });
    expect(server.requests).toHaveLength(0);
  });

  it("renews a token that was refused, once", async () => {
    let granted = 0;
    const server = await openLocalServer((_, response) =>
      sendJson(response, { auth_token: `token-${++granted}`, data: { account_id: ACCOUNT_ID } }),
    );
    const source = joinSource(server, { auth: "exchange", accountId: undefined });
    const recordingId = parseRecordingId("202403-a");
    const refused = await source.locate(recordingId);
    const renewed = await Promise.all([
      source.locate(recordingId, { refused }),
      source.locate(recordingId, { refused }),
    ]);
    expect(renewed.map(({ headers }) => headers["x-auth-token"])).toEqual(["token-2", "token-2"]);
    expect(granted).toBe(2);
  });

  it("does not ask again with a key that was refused", async () => {
    const { source, server } = await openScripted((_, response) => sendJson(response, {}, 401));
    expect(await thrownBy(listIds(source))).toBeInstanceOf(VendorUnauthorizedError);
    expect(server.requests).toHaveLength(1);
  });
});
