import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../../src/sandbox/open-sandbox.ts";
import { rawGet } from "./raw-get.ts";
import { call, TestClock } from "./sandbox-rig.ts";
import { openSeeded, seedFolder } from "./seeded-folder.ts";

const DAY_SECONDS = 86_400;
const EPOCH = 62_167_219_200;
/** The rig's clock, in Gregorian seconds. */
const NOW = Date.parse("2026-03-01T12:00:00Z") / 1000 + EPOCH;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-account-"));
  await seedFolder(folder);
});

afterAll(() => rm(folder, { recursive: true }));

function openAccount(options: Parameters<typeof openSeeded>[1] = {}): Promise<Sandbox> {
  return openSeeded(folder, { rateLimited: false, ...options });
}

async function askAccount(sandbox: Sandbox, rest: string, headers: Record<string, string> = {}) {
  const url = `${sandbox.baseUrl}/accounts/${sandbox.accountId}/recordings${rest}`;
  const response = await fetch(url, { headers: { "X-Auth-Token": "test-key", ...headers } });
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
}

async function list(sandbox: Sandbox, query = "") {
  const { status, bytes } = await askAccount(sandbox, query);
  return { status, json: JSON.parse(bytes.toString()) };
}

function signIn(sandbox: Sandbox, api_key: string) {
  return call(sandbox, "PUT /api_auth", { data: { api_key } });
}

describe("signing in", () => {
  it("gives a token for the key, which ends with its life", async () => {
    const clock = new TestClock();
    const sandbox = await openAccount({ clock, tokenLifeMs: 60_000 });
    const { status, json } = await signIn(sandbox, "test-key");
    expect({ status, account: json.data.account_id, wrapped: json.status }).toEqual({
      status: 200,
      account: sandbox.accountId,
      wrapped: "success",
    });
    const token = { "X-Auth-Token": json.auth_token };
    expect((await askAccount(sandbox, "", token)).status).toBe(200);
    expect((await fetch(`${sandbox.baseUrl}/recordings`, { headers: token })).status).toBe(200);
    clock.advance(60);
    expect((await askAccount(sandbox, "", token)).status).toBe(401);
    expect((await fetch(`${sandbox.baseUrl}/recordings`, { headers: token })).status).toBe(401);
  });

  it("refuses another key and repeats it, as a token that is refused is repeated", async () => {
    const sandbox = await openAccount();
    const refused = await signIn(sandbox, "wrong-key");
    expect(refused).toMatchObject({ status: 401, json: { status: "error", error: "401" } });
    expect(refused.json.data.cause).toBe("wrong-key");
    const { status, bytes } = await askAccount(sandbox, "", { "X-Auth-Token": "wrong-token" });
    expect(status).toBe(401);
    expect(JSON.parse(bytes.toString())).toMatchObject({ auth_token: "wrong-token", message: "invalid_credentials" });
  });

  it.each([{}, { data: {} }])("refuses a body without a key: %j", async (body) => {
    const sandbox = await openAccount();
    expect(await call(sandbox, "PUT /api_auth", body)).toMatchObject({ status: 400, json: { error: "400" } });
  });
});

describe("the account's list", () => {
  it("names a recording without size and digest, newest first, and echoes the token", async () => {
    const sandbox = await openAccount();
    const { json } = await list(sandbox);
    expect(json).toMatchObject({ auth_token: "test-key", status: "success", page_size: 6 });
    expect(json).not.toHaveProperty("next_start_key");
    const starts = json.data.map(({ start }: { start: number }) => start);
    expect(starts).toEqual([...starts].sort((one, other) => other - one));
    const truth = sandbox.recordings().find(({ accountRecordingId }) => accountRecordingId === json.data[0].id);
    const documented = (await call(sandbox, `GET /recordings/${truth?.recordingId}`)).json;
    expect(json.data[0]).toEqual({
      id: expect.stringMatching(/^20260[23]-[0-9a-f]{16}$/),
      media_type: ".wav",
      start: Date.parse(documented.created_at) / 1000 - documented.duration + EPOCH,
      duration: documented.duration,
      duration_ms: documented.duration * 1000,
      from: expect.stringMatching(/^\+1/),
      to: expect.stringMatching(/^\+1/),
      direction: "inbound",
      caller_id_name: json.data[0].from,
      caller_id_number: json.data[0].from,
      callee_id_name: json.data[0].to,
      callee_id_number: json.data[0].to,
      call_id: documented.call_id,
      cdr_id: expect.any(String),
      interaction_id: expect.any(String),
    });
  });

  it("has calls in both directions, and those that the API made went out", async () => {
    const clock = new TestClock();
    const sandbox = await openAccount({ clock });
    const directionsOf = async () =>
      (await list(sandbox)).json.data.map(({ direction }: { direction: string }) => direction).toSorted();
    const seeded = [...Array(4).fill("inbound"), ...Array(2).fill("outbound")];
    expect(await directionsOf()).toEqual(seeded);
    const recording = { enabled: true, format: "wav" };
    const { json } = await call(sandbox, "POST /calls", { from: "+14155550100", to: "+14155550101", recording });
    clock.advance(1);
    await call(sandbox, `POST /calls/${json.call_id}/record/stop`);
    const documented = `GET /recordings/${json.recording.recording_id}`;
    while ((await call(sandbox, documented)).json.status !== "completed");
    expect(await directionsOf()).toEqual([...seeded, "outbound"]);
  });

  it("is paged with opaque keys that stay good when a recording is deleted", async () => {
    const sandbox = await openAccount();
    const all = (await list(sandbox)).json.data;
    const first = (await list(sandbox, "?page_size=2")).json;
    const [newest] = sandbox.recordings().filter(({ accountRecordingId }) => accountRecordingId === all[0].id);
    await call(sandbox, `DELETE /recordings/${newest?.recordingId}`);
    const second = (await list(sandbox, `?page_size=2&start_key=${first.next_start_key}`)).json;
    const third = (await list(sandbox, `?page_size=2&start_key=${second.next_start_key}`)).json;
    expect([...first.data, ...second.data, ...third.data]).toEqual(all);
    expect(second.start_key).toBe(first.next_start_key);
    expect(third).not.toHaveProperty("next_start_key");
    expect((await list(sandbox, "?start_key=guess")).status).toBe(400);
  });

  it("goes by the time of saving, in Gregorian seconds, and 31 days at most", async () => {
    const sandbox = await openAccount();
    const { data } = (await list(sandbox)).json;
    const between = (from: number, to: number) => list(sandbox, `?created_from=${from}&created_to=${to}`);
    const older = (await between(NOW - 31 * DAY_SECONDS, NOW - 10 * DAY_SECONDS)).json.data;
    expect(older).toEqual(data.filter(({ start }: { start: number }) => start < NOW - 10 * DAY_SECONDS));
    expect(older.length).toBeGreaterThan(0);
    expect(older.length).toBeLessThan(6);
    expect((await between(NOW - 31 * DAY_SECONDS - 1, NOW)).status).toBe(400);
    expect((await list(sandbox, `?created_from=${NOW - 32 * DAY_SECONDS}`)).status).toBe(400);
    expect((await between(NOW, NOW - 1)).status).toBe(400);
    expect((await list(sandbox, "?created_from=yesterday")).status).toBe(400);
  });

  it("defaults to the last 31 days", async () => {
    const clock = new TestClock();
    const sandbox = await openAccount({ clock, retentionDays: 1000 });
    clock.advance(40 * DAY_SECONDS);
    expect((await list(sandbox)).json.data).toEqual([]);
    const range = `?created_from=${NOW - 21 * DAY_SECONDS}&created_to=${NOW}`;
    expect((await list(sandbox, range)).json.data).toHaveLength(6);
  });

  it("belongs to one account", async () => {
    const sandbox = await openAccount();
    expect((await call(sandbox, "GET /accounts/0123456789abcdef/recordings")).status).toBe(404);
  });
});

describe("a recording of the account", () => {
  it("has its bytes for audio/mpeg alone, of a WAV too", async () => {
    const sandbox = await openAccount();
    const [truth] = sandbox.recordings();
    const path = `/${truth?.accountRecordingId}`;
    const audio = await askAccount(sandbox, path, { Accept: "audio/mpeg" });
    expect(audio.headers.get("content-type")).toBe("audio/mpeg");
    expect(audio.bytes).toHaveLength(truth?.sizeBytes ?? 0);
    expect(audio.bytes.subarray(0, 4).toString()).toBe("RIFF");
    for (const Accept of ["*/*", "audio/wav", "application/json"]) {
      const described = await askAccount(sandbox, path, { Accept });
      expect(described.status).toBe(200);
      expect(JSON.parse(described.bytes.toString()).data).toMatchObject({ id: truth?.accountRecordingId });
    }
  });

  it.each([
    ["bytes=100-199", 206, 100, 200],
    ["bytes=100-", 206, 100, undefined],
    ["bytes=100-99999999", 200, 0, undefined],
    ["bytes=-100", 200, 0, undefined],
    ["bytes=0-9,20-29", 200, 0, undefined],
  ])("answers %s with %i", async (Range, status, first, end) => {
    const sandbox = await openAccount();
    const path = `/${sandbox.recordings()[0]?.accountRecordingId}`;
    const headers = { Accept: "audio/mpeg" };
    const { bytes } = await askAccount(sandbox, path, headers);
    const part = await askAccount(sandbox, path, { ...headers, Range, "If-Range": '"other"' });
    expect(part.status).toBe(status);
    expect(part.bytes).toEqual(bytes.subarray(first, end));
    const range = `bytes ${first}-${(end ?? bytes.length) - 1}/${bytes.length}`;
    expect(part.headers.get("content-range")).toBe(status === 206 ? range : null);
  });

  it("answers a start at its end with an empty part, and HEAD with 405", async () => {
    const sandbox = await openAccount();
    const [{ accountRecordingId = "", sizeBytes = 0 } = {}] = sandbox.recordings();
    const headers = { Accept: "audio/mpeg", Range: `bytes=${sizeBytes}-` };
    expect(await askAccount(sandbox, `/${accountRecordingId}`, headers)).toMatchObject({
      status: 206,
      bytes: Buffer.alloc(0),
    });
    const url = `${sandbox.baseUrl}/accounts/${sandbox.accountId}/recordings/${accountRecordingId}`;
    expect((await rawGet(url, { method: "HEAD", headers: { "X-Auth-Token": "test-key" } })).status).toBe(405);
  });

  it("is listed and yet not found by its id when its month ended before it was saved", async () => {
    const clock = new TestClock();
    const sandbox = await openAccount({ clock });
    clock.advance((Date.parse("2026-03-31T23:59:58Z") - clock.now()) / 1000);
    const recording = { enabled: true, format: "wav" };
    const { json } = await call(sandbox, "POST /calls", { from: "+14155550100", to: "+14155550101", recording });
    clock.advance(4);
    await call(sandbox, `POST /calls/${json.call_id}/record/stop`);
    const documented = `GET /recordings/${json.recording.recording_id}`;
    while ((await call(sandbox, documented)).json.status !== "completed");
    const { data } = (await list(sandbox)).json;
    expect(data[0].call_id).toBe(json.call_id);
    expect((await askAccount(sandbox, `/${data[0].id}`, { Accept: "audio/mpeg" })).status).toBe(404);
    expect((await call(sandbox, `${documented}/download`)).status).toBe(302);
  });

  it("is not listed while it is `processing`, and meets the faults of bytes", async () => {
    const sandbox = await openAccount({ faults: "cut=500/media/once,row-processing=1" });
    expect((await list(sandbox)).json.data).toEqual([]);
    expect((await list(sandbox)).json.data).toHaveLength(6);
    const [truth] = sandbox.recordings();
    const url = `${sandbox.baseUrl}/accounts/${sandbox.accountId}/recordings/${truth?.accountRecordingId}`;
    const headers = { "X-Auth-Token": "test-key", Accept: "audio/mpeg" };
    expect((await rawGet(url, { headers })).body).toHaveLength(500);
    expect((await rawGet(url, { headers })).body).toHaveLength(truth?.sizeBytes ?? 0);
    expect(sandbox.recordings()[0]?.faults).toEqual(["row-processing", "cut"]);
  });
});

describe("asking too fast", () => {
  it("is refused without Retry-After until the bucket has filled up again", async () => {
    const clock = new TestClock();
    const sandbox = await openAccount({ clock, rateLimited: true });
    expect((await signIn(sandbox, "test-key")).status).toBe(200);
    expect((await signIn(sandbox, "test-key")).status).toBe(200);
    const refused = await signIn(sandbox, "test-key");
    expect(refused).toMatchObject({ status: 429, json: { error: "429", status: "error" } });
    const statuses = await Promise.all(Array.from({ length: 31 }, async () => askAccount(sandbox, "")));
    const limited = statuses.filter(({ status }) => status === 429);
    expect(limited).toHaveLength(1);
    expect(limited[0]?.headers.has("retry-after")).toBe(false);
    clock.advance(3.5);
    expect((await signIn(sandbox, "test-key")).status).toBe(200);
    expect((await askAccount(sandbox, "")).status).toBe(429);
  });

  it("bothers nobody on the documented paths", async () => {
    const sandbox = await openAccount({ rateLimited: true });
    const replies = await Promise.all(Array.from({ length: 110 }, () => call(sandbox, "GET /recordings?limit=1")));
    expect(replies.filter(({ status }) => status !== 200)).toEqual([]);
  });
});
