import { createHash } from "node:crypto";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { Secret } from "../../src/core/secret.ts";
import { runFfmpeg } from "../../src/ffmpeg/run.ts";
import { SandboxFolderError, SandboxPortError } from "../../src/sandbox/errors.ts";
import type { Sandbox } from "../../src/sandbox/open-sandbox.ts";
import type { SandboxOptions } from "../../src/sandbox/sandbox-options.ts";
import { verifyWebhook } from "../../src/vendor/webhook-signature.ts";
import { call, download, FFMPEG, openTestSandbox, TestClock } from "../unit/sandbox/sandbox-rig.ts";
import { makeTemporaryFolder } from "../unit/sandbox/temporary-folder.ts";
import { openWebhookReceiver, type WebhookReceiver } from "../unit/sandbox/webhook-receiver.ts";

interface LiveRig {
  readonly sandbox: Sandbox;
  readonly receiver: WebhookReceiver;
  readonly clock: TestClock;
  readonly directory: string;
}

/** Starts a sandbox without a past whose webhooks arrive and whose clock is the test's. */
async function openLiveRig(options: Partial<SandboxOptions> = {}): Promise<LiveRig> {
  const directory = await makeTemporaryFolder();
  const receiver = await openWebhookReceiver();
  onTestFinished(() => receiver.close());
  const clock = new TestClock();
  const sandbox = await openTestSandbox({ directory, clock, webhookUrl: receiver.url, ...options });
  onTestFinished(() => sandbox.close());
  return { sandbox, receiver, clock, directory };
}

/** Makes a call that is being recorded. */
async function startCall(sandbox: Sandbox, recording: object): Promise<{ callId: string; recordingId: string }> {
  const body = { from: "+14155550100", to: "+14155550101", recording: { enabled: true, ...recording } };
  const { json } = await call(sandbox, "POST /calls", body);
  return { callId: json.call_id, recordingId: json.recording.recording_id };
}

/** Records four seconds of a call and waits until they can be downloaded. */
async function recordCall({ sandbox, receiver, clock }: LiveRig, recording: object): Promise<string> {
  const { callId, recordingId } = await startCall(sandbox, recording);
  clock.advance(4);
  await call(sandbox, `POST /calls/${callId}/record/stop`);
  await receiver.waitFor("recording.completed", recordingId);
  return recordingId;
}

async function loadErrorSample(name: string): Promise<unknown> {
  return JSON.parse(await readFile(new URL(`../../fixtures/vendor/error-${name}.json`, import.meta.url), "utf8"));
}

async function readEvents(directory: string) {
  const lines = (await readFile(join(directory, "events.ndjson"), "utf8")).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line));
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** How strongly 1 kHz sounds in a stretch of 16-bit samples (Goertzel), from 0 to about the sine's amplitude. */
function levelAt1kHz(samples: Int16Array, sampleRateHz: number): number {
  const angle = (2 * Math.PI * 1000) / sampleRateHz;
  const [real, imaginary] = samples.reduce(
    ([re = 0, im = 0], sample, index) => [re + sample * Math.cos(angle * index), im + sample * Math.sin(angle * index)],
    [0, 0],
  );
  return (2 * Math.hypot(real ?? 0, imaginary ?? 0)) / samples.length;
}

/** The samples of a 16-bit WAV with the plain header of 44 bytes. */
function toSamples(wav: Buffer): Int16Array {
  return new Int16Array(Uint8Array.from(wav.subarray(44)).buffer);
}

describe("a seeded sandbox", () => {
  const SEEDED = { seed: 21, seedCalls: 3 };
  const clock = new TestClock();
  let directory: string;
  let sandbox: Sandbox;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "holdfast-sandbox-"));
    sandbox = await openTestSandbox({ directory, clock, ...SEEDED });
  });

  afterAll(async () => {
    await sandbox.close();
    await rm(directory, { recursive: true });
  });

  it("listens on this machine only", () => {
    expect(sandbox.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v2$/);
  });

  it("takes the key in either header", async () => {
    for (const headers of [{ "X-Auth-Token": "test-key" }, { Authorization: "Bearer test-key" }]) {
      expect((await fetch(`${sandbox.baseUrl}/recordings`, { headers })).status).toBe(200);
    }
  });

  it.each([{}, { "X-Auth-Token": "wrong-key" }, { Authorization: "Bearer wrong-key" }])(
    "refuses any other key and does not repeat it: %o",
    async (headers: Record<string, string>) => {
      const response = await fetch(`${sandbox.baseUrl}/recordings`, { headers });
      const text = await response.text();
      expect(response.status).toBe(401);
      expect(JSON.parse(text)).toMatchObject({ error: "unauthorized", code: 401 });
      expect(text).not.toContain("wrong-key");
    },
  );

  it("lists newest first, page by page", async () => {
    const first = await call(sandbox, "GET /recordings?limit=2");
    expect(first.json.pagination).toEqual({ total: 3, limit: 2, offset: 0, has_more: true });
    const second = await call(sandbox, "GET /recordings?limit=2&offset=2");
    expect(second.json.pagination).toEqual({ total: 3, limit: 2, offset: 2, has_more: false });
    const times = [...first.json.data, ...second.json.data].map(({ created_at }) => created_at);
    expect(times).toHaveLength(3);
    expect(times).toEqual([...times].sort().reverse());
    expect((await call(sandbox, "GET /recordings?limit=500")).json.pagination.limit).toBe(100);
  });

  it("lists what belongs to a call, or was created since a time, that time included", async () => {
    const { data } = (await call(sandbox, "GET /recordings")).json;
    const [, middle] = data;
    const ofCall = await call(sandbox, `GET /recordings?call_id=${middle.call_id}`);
    expect(ofCall.json.data).toEqual([middle]);
    const recent = await call(sandbox, `GET /recordings?since=${middle.created_at}`);
    expect(recent.json.data).toEqual(data.slice(0, 2));
  });

  it.each(["since=yesterday", "limit=0", "limit=x", "offset=-1"])("refuses a list with %s", async (query) => {
    const { status, json } = await call(sandbox, `GET /recordings?${query}`);
    expect({ status, error: json.error }).toEqual({ status: 400, error: "invalid_request" });
  });

  it("serves whole, decodable audio that is what the recording and its webhook say", async () => {
    const events = await readEvents(directory);
    const completed = events.map(({ body }) => JSON.parse(body)).filter(({ event }) => event === "recording.completed");
    expect(completed).toHaveLength(3);
    for (const { data } of completed) {
      const { json } = await call(sandbox, `GET /recordings/${data.recording_id}`);
      const bytes = await download(sandbox, data.recording_id);
      expect(bytes).toHaveLength(json.file_size);
      expect(data).toMatchObject({ file_size: json.file_size, duration: json.duration, file_format: json.file_format });
      expect(data.checksum).toEqual({ algorithm: "sha256", value: sha256(bytes) });
      const spec = { sampleRateHz: json.sample_rate, channels: json.channels };
      const lasts = await decodeSeconds(join(directory, "audio", `${data.recording_id}.${json.file_format}`), spec);
      // An MP3 frame at 8 kHz lasts 72 ms; its encoder adds up to two.
      expect(Math.abs(lasts - json.duration)).toBeLessThan(0.15);
    }
  });

  it("signs the webhooks of the past and keeps them in order of time", async () => {
    const events = await readEvents(directory);
    expect(events).toHaveLength(9);
    const secret = new Secret("test-secret");
    for (const { body, ...signed } of events) expect(verifyWebhook(secret, { ...signed, rawBody: body })).toBe(true);
    const times = events.map(({ timestamp }) => Number(timestamp));
    expect(times).toEqual([...times].sort((one, other) => one - other));
  });

  it("redirects a download to another port that needs no key, whole or in part", async () => {
    const { data } = (await call(sandbox, "GET /recordings")).json;
    const { status, location = "" } = await call(sandbox, `GET /recordings/${data[0].recording_id}/download`);
    expect(status).toBe(302);
    expect(new URL(location).hostname).toBe("127.0.0.1");
    expect(new URL(location).port).not.toBe(new URL(sandbox.baseUrl).port);
    const whole = await fetch(location);
    const bytes = Buffer.from(await whole.arrayBuffer());
    const etag = whole.headers.get("etag") ?? "";
    const part = await fetch(location, { headers: { Range: "bytes=100-199", "If-Range": etag } });
    expect(part.status).toBe(206);
    expect(part.headers.get("content-range")).toBe(`bytes 100-199/${bytes.length}`);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(100, 200));
    const changed = await fetch(location, { headers: { Range: "bytes=100-199", "If-Range": '"other"' } });
    expect(changed.status).toBe(200);
    expect(Buffer.from(await changed.arrayBuffer())).toEqual(bytes);
    expect((await fetch(location, { headers: { Range: `bytes=${bytes.length}-` } })).status).toBe(416);
  });

  it("counts keys that were sent to the storage", async () => {
    const { data } = (await call(sandbox, "GET /recordings")).json;
    const { location = "" } = await call(sandbox, `GET /recordings/${data[0].recording_id}/download`);
    const before = sandbox.leakedKeys;
    await (await fetch(location)).arrayBuffer();
    expect(sandbox.leakedKeys).toBe(before);
    await (await fetch(location, { headers: { "X-Auth-Token": "test-key" } })).arrayBuffer();
    await (await fetch(location, { headers: { Authorization: "Bearer test-key" } })).arrayBuffer();
    expect(sandbox.leakedKeys).toBe(before + 2);
  });

  it("refuses a link after 24 hours, and one that never was", async () => {
    const { data } = (await call(sandbox, "GET /recordings")).json;
    const { location = "" } = await call(sandbox, `GET /recordings/${data[0].recording_id}/download`);
    clock.advance(24 * 3600);
    const expired = await fetch(location);
    expect(expired.status).toBe(403);
    expect(await expired.json()).toMatchObject({ error: "forbidden", code: 403 });
    expect((await fetch(new URL("/guess/file.mp3", location))).status).toBe(403);
  });

  it("answers 404 with the documented body", async () => {
    const sample = await loadErrorSample("not-found");
    for (const request of ["GET /recordings/rec_no", "GET /recordings/rec_no/download", "DELETE /recordings/rec_no"]) {
      expect(await call(sandbox, request)).toMatchObject({ status: 404, json: sample });
    }
    expect(await call(sandbox, "GET /nothing")).toMatchObject({ status: 404, json: { error: "not_found" } });
  });

  it("makes the same recordings again in another folder, and no others", async () => {
    const other = await makeTemporaryFolder();
    const twin = await openTestSandbox({ directory: other, clock: new TestClock(), ...SEEDED });
    await twin.close();
    const names = await readdir(join(directory, "audio"));
    expect(await readdir(join(other, "audio"))).toEqual(names);
    for (const name of names) {
      const [mine, theirs] = await Promise.all([directory, other].map((root) => readFile(join(root, "audio", name))));
      expect(mine?.equals(theirs ?? Buffer.alloc(0))).toBe(true);
    }
    expect(await readdir(join(other, "tmp"))).toEqual([]);
  });

  it("goes on with the same recordings after a second start, without encoding them again", async () => {
    const { json: before } = await call(sandbox, "GET /recordings");
    const audio = join(directory, "audio");
    const [name = ""] = await readdir(audio);
    const { mtimeMs } = await stat(join(audio, name));
    await sandbox.close();
    sandbox = await openTestSandbox({ directory, clock, ...SEEDED });
    expect((await call(sandbox, "GET /recordings")).json).toEqual(before);
    expect((await stat(join(audio, name))).mtimeMs).toBe(mtimeMs);
    expect(await readEvents(directory)).toHaveLength(9);
  });

  it("refuses a folder that was made from another seed", async () => {
    await expect(openTestSandbox({ directory, ...SEEDED, seed: 22 })).rejects.toThrow(SandboxFolderError);
  });

  it("leaves nothing but an empty folder when seeding is cancelled", async () => {
    const other = await makeTemporaryFolder();
    const signal = AbortSignal.abort(new Error("stop it"));
    await expect(openTestSandbox({ directory: other, ...SEEDED, signal })).rejects.toThrow("stop it");
    expect(await readdir(other, { recursive: true })).toEqual(["tmp"]);
  });

  it("refuses a port that is taken", async () => {
    const port = Number(new URL(sandbox.baseUrl).port);
    const other = await makeTemporaryFolder();
    await expect(openTestSandbox({ directory: other, port })).rejects.toThrow(SandboxPortError);
  });
});

describe("recording a call", () => {
  it("walks from recording over pause to completed, leaving the pause out", async () => {
    const { sandbox, receiver, clock } = await openLiveRig();
    const { callId, recordingId } = await startCall(sandbox, { format: "wav" });
    expect((await call(sandbox, `GET /recordings/${recordingId}`)).json.status).toBe("recording");
    clock.advance(2);
    const paused = await call(sandbox, `POST /calls/${callId}/record/pause`);
    expect(paused.json).toEqual({ call_id: callId, recording_id: recordingId, status: "paused" });
    clock.advance(60);
    const resumed = await call(sandbox, `POST /calls/${callId}/record/resume`);
    expect(resumed.json.status).toBe("recording");
    clock.advance(1);
    const stopped = await call(sandbox, `POST /calls/${callId}/record/stop`);
    expect(stopped.json).toEqual({
      call_id: callId,
      recording_id: recordingId,
      status: "stopped",
      stopped_at: "2026-03-01T12:01:03Z",
      duration: 3,
    });
    await receiver.waitFor("recording.completed", recordingId);
    expect((await call(sandbox, `GET /recordings/${recordingId}`)).json).toEqual({
      recording_id: recordingId,
      call_id: callId,
      duration: 3,
      file_size: 3 * 32_000 + 44,
      file_format: "wav",
      bitrate: 256,
      sample_rate: 16000,
      channels: 1,
      status: "completed",
      created_at: "2026-03-01T12:01:03Z",
      completed_at: "2026-03-01T12:01:03Z",
    });
  });

  it("delivers signed webhooks of each step, with the digest of the bytes", async () => {
    const rig = await openLiveRig();
    const recordingId = await recordCall(rig, { format: "opus" });
    const { received } = rig.receiver;
    expect(received.map(({ event }) => event)).toEqual([
      "recording.started",
      "recording.stopped",
      "recording.completed",
    ]);
    for (const webhook of received) expect(verifyWebhook(rig.sandbox.webhookSecret, webhook)).toBe(true);
    const bytes = await download(rig.sandbox, recordingId);
    expect(received[2]?.data).toMatchObject({
      file_format: "opus",
      file_size: bytes.length,
      download_url: `${rig.sandbox.baseUrl}/recordings/${recordingId}/download`,
      checksum: { algorithm: "sha256", value: sha256(bytes) },
    });
    const bodies = (await readEvents(rig.directory)).map(({ body }) => body);
    expect(bodies).toEqual(received.map(({ rawBody }) => rawBody));
  });

  it("starts on demand with the documented reply, once at a time", async () => {
    const { sandbox } = await openLiveRig();
    const created = await call(sandbox, "POST /calls", { from: "+14155550100", to: "+14155550101" });
    expect(created).toMatchObject({ status: 201, json: { from: "+14155550100" } });
    const path = `/calls/${created.json.call_id}/record`;
    const started = await call(sandbox, `POST ${path}/start`, { format: "opus", participant: "caller" });
    expect(started.json).toEqual({
      call_id: created.json.call_id,
      recording_id: expect.stringMatching(/^rec_[0-9a-f]{16}$/),
      status: "recording",
      started_at: "2026-03-01T12:00:00Z",
      format: "opus",
    });
    expect(await call(sandbox, `POST ${path}/start`)).toMatchObject({ status: 400, json: { error: "invalid_state" } });
    await call(sandbox, `POST ${path}/stop`);
    const again = await call(sandbox, `POST ${path}/start`);
    expect(again.json).toMatchObject({ status: "recording", format: "mp3" });
    expect(again.json.recording_id).not.toBe(started.json.recording_id);
  });

  it("refuses moves that the states do not allow", async () => {
    const { sandbox } = await openLiveRig();
    const { callId, recordingId } = await startCall(sandbox, {});
    const refused = { status: 400, json: { error: "invalid_state", code: 400 } };
    expect(await call(sandbox, `POST /calls/${callId}/record/resume`)).toMatchObject(refused);
    expect(await call(sandbox, `DELETE /recordings/${recordingId}`)).toMatchObject(refused);
    expect(await call(sandbox, `GET /recordings/${recordingId}/download`)).toMatchObject({ status: 404 });
    await call(sandbox, `POST /calls/${callId}/record/stop`);
    for (const step of ["stop", "pause", "resume"]) {
      expect(await call(sandbox, `POST /calls/${callId}/record/${step}`)).toMatchObject(refused);
    }
  });

  it("knows nothing of other calls and of calls that were not recorded", async () => {
    const { sandbox } = await openLiveRig();
    const { json } = await call(sandbox, "POST /calls", { from: "+14155550100", to: "+14155550101" });
    expect(await call(sandbox, "POST /calls/call_no/record/start")).toMatchObject({ status: 404 });
    expect(await call(sandbox, `POST /calls/${json.call_id}/record/stop`)).toMatchObject({
      status: 404,
      json: await loadErrorSample("not-found"),
    });
  });

  it.each([{ format: "flac" }, { format: "mp3", bitrate: 63 }, { format: "wav", sample_rate: 44100 }])(
    "refuses a format that is not offered: %o",
    async (recording) => {
      const { sandbox } = await openLiveRig();
      const { json } = await call(sandbox, "POST /calls", { from: "+14155550100", to: "+14155550101" });
      const reply = await call(sandbox, `POST /calls/${json.call_id}/record/start`, recording);
      expect(reply).toMatchObject({ status: 400, json: await loadErrorSample("invalid-format") });
    },
  );

  it("refuses requests that are incomplete or no JSON", async () => {
    const { sandbox } = await openLiveRig();
    const refused = { status: 400, json: { error: "invalid_request", code: 400 } };
    expect(await call(sandbox, "POST /calls", { from: "+14155550100" })).toMatchObject(refused);
    expect(await call(sandbox, "POST /call-flows", { name: "x" })).toMatchObject(refused);
    const headers = { "X-Auth-Token": "test-key", "Content-Type": "application/json" };
    const broken = await fetch(`${sandbox.baseUrl}/calls`, { method: "POST", headers, body: "{" });
    expect(await broken.json()).toMatchObject(refused.json);
  });

  it("records calls to the number of a call flow as the flow says", async () => {
    const { sandbox } = await openLiveRig();
    const flow = {
      name: "Recorded Support Line",
      phone_number: "+14155550109",
      recording: { enabled: true, format: "opus", participant: "all" },
      routing: [{ pattern: "*", destination: "+14155550110", destination_type: "phone_number" }],
    };
    expect(await call(sandbox, "POST /call-flows", flow)).toMatchObject({ status: 201, json: flow });
    const inbound = await call(sandbox, "POST /calls", { from: "+14155550100", to: flow.phone_number });
    expect(inbound.json.recording).toMatchObject({ status: "recording", format: "opus" });
  });

  it("refuses to record above the quota", async () => {
    const rig = await openLiveRig({ quotaBytes: 1000 });
    await recordCall(rig, {});
    const { json } = await call(rig.sandbox, "POST /calls", { from: "+14155550100", to: "+14155550101" });
    const reply = await call(rig.sandbox, `POST /calls/${json.call_id}/record/start`);
    expect(reply).toMatchObject({ status: 429, json: await loadErrorSample("quota-exceeded") });
  });

  it("deletes a recording with its bytes", async () => {
    const rig = await openLiveRig();
    const recordingId = await recordCall(rig, {});
    const { location = "" } = await call(rig.sandbox, `GET /recordings/${recordingId}/download`);
    const deleted = await call(rig.sandbox, `DELETE /recordings/${recordingId}`);
    expect(deleted.json).toEqual({ recording_id: recordingId, deleted_at: "2026-03-01T12:00:04Z" });
    expect(await call(rig.sandbox, `GET /recordings/${recordingId}`)).toMatchObject({ status: 404 });
    expect((await fetch(location)).status).toBe(404);
    expect(await readdir(join(rig.directory, "audio"))).toEqual([]);
  });

  it("records the party that was asked for, and the tone only when announced", async () => {
    const rig = await openLiveRig();
    const format = { format: "wav", sample_rate: 8000 };
    const announced = await recordCall(rig, { ...format, participant: "caller", announce: true });
    const caller = await recordCall(rig, { ...format, participant: "caller" });
    const callee = await recordCall(rig, { ...format, participant: "callee" });
    const [withTone, without] = await Promise.all(
      [announced, caller].map(async (id) => toSamples(await download(rig.sandbox, id)).subarray(2000, 6000)),
    );
    expect(levelAt1kHz(withTone ?? new Int16Array(), 8000)).toBeGreaterThan(7000);
    expect(levelAt1kHz(without ?? new Int16Array(), 8000)).toBeLessThan(100);
    // Every dialogue is opened by the callee: in the second that follows, the caller is still silent.
    const [silent, speaking] = await Promise.all(
      [caller, callee].map(async (id) => toSamples(await download(rig.sandbox, id)).subarray(8000, 16_000)),
    );
    expect(Math.max(...(silent ?? []))).toBeLessThan(50);
    expect(Math.max(...(speaking ?? []))).toBeGreaterThan(2000);
  });

  it("reports a recording that could not be made, and leaves no file", async () => {
    const tools = await makeTemporaryFolder();
    const path = join(tools, "ffmpeg");
    await writeFile(path, `#!/bin/sh\n[ -e "${tools}/broken" ] && exit 3\nexec "${FFMPEG.path}" "$@"\n`);
    await chmod(path, 0o755);
    const { sandbox, receiver, directory } = await openLiveRig({ ffmpeg: { ...FFMPEG, path } });
    const { callId, recordingId } = await startCall(sandbox, {});
    await writeFile(join(tools, "broken"), "");
    await call(sandbox, `POST /calls/${callId}/record/stop`);
    const { data } = await receiver.waitFor("recording.failed", recordingId);
    expect(data).toMatchObject({ call_id: callId, reason: "processing_error", failed_at: "2026-03-01T12:00:00Z" });
    expect((await call(sandbox, `GET /recordings/${recordingId}`)).json.status).toBe("failed");
    expect((await call(sandbox, `GET /recordings/${recordingId}/download`)).status).toBe(404);
    expect(await readdir(join(directory, "tmp"))).toEqual([]);
  });

  it("finishes after a restart what was being recorded before", async () => {
    const { sandbox, receiver, clock, directory } = await openLiveRig();
    const { callId, recordingId } = await startCall(sandbox, {});
    await call(sandbox, `POST /calls/${callId}/record/stop`);
    await sandbox.close();
    const restarted = await openTestSandbox({ directory, clock, webhookUrl: receiver.url });
    onTestFinished(() => restarted.close());
    const { data } = await receiver.waitFor("recording.completed", recordingId);
    expect(data).toMatchObject({ call_id: callId, duration: 1 });
    expect((await call(restarted, `GET /recordings/${recordingId}`)).json.status).toBe("completed");
  });
});

/** Decodes a file, which fails on any damage, and returns how long the sound is. */
async function decodeSeconds(path: string, { sampleRateHz, channels }: { sampleRateHz: number; channels: number }) {
  const decoded = join(await makeTemporaryFolder(), "decoded.pcm");
  const args = ["-i", path, "-ar", String(sampleRateHz), "-f", "s16le", decoded];
  await runFfmpeg(FFMPEG, args, { timeoutMs: 30_000 });
  return (await stat(decoded)).size / (sampleRateHz * channels * 2);
}
