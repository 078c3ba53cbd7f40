import { describe, expect, it } from "vitest";
import { UnsafeNameError } from "../../../../src/core/errors.ts";
import type { AudianApi } from "../../../../src/vendor/documented/audian-api.ts";
import { VendorResponseError } from "../../../../src/vendor/errors.ts";
import { sendJson } from "../local-server.ts";
import { thrownBy } from "../thrown-by.ts";
import { API_KEY, openApi } from "./api-under-test.ts";
import { DELETED, LIST, RECORDING, STARTED, STOPPED } from "./vendor-page.ts";

const RECORDED = { enabled: true, format: "mp3", participant: "all" } as const;
const CALL = { from: "+14155552671", to: "+14155552672", recording: RECORDED };
const ROUTE = { pattern: "*", destination: "+14155552673", destination_type: "phone_number" };
const CALL_FLOW = {
  name: "Recorded Support Line",
  phone_number: "+14155552671",
  recording: RECORDED,
  routing: [ROUTE],
};
const PAUSED = { call_id: "call_xyz789", recording_id: "rec_abc123", status: "paused" };
const RESUMED = { ...PAUSED, status: "recording" };

interface Documented {
  readonly call: (api: AudianApi) => Promise<unknown>;
  readonly request: string;
  readonly json?: object;
  readonly reply: object;
}

const CALLS: Record<string, Documented> = {
  createCall: {
    call: (api) => api.createCall(CALL),
    request: "POST /v2/calls",
    json: CALL,
    reply: { call_id: "call_xyz789", status: "queued" },
  },
  startRecording: {
    call: (api) => api.startRecording("call_xyz789", { format: "mp3", participant: "all" }),
    request: "POST /v2/calls/call_xyz789/record/start",
    json: { format: "mp3", participant: "all" },
    reply: STARTED,
  },
  stopRecording: {
    call: (api) => api.stopRecording("call_xyz789"),
    request: "POST /v2/calls/call_xyz789/record/stop",
    reply: STOPPED,
  },
  pauseRecording: {
    call: (api) => api.pauseRecording("call_xyz789"),
    request: "POST /v2/calls/call_xyz789/record/pause",
    reply: PAUSED,
  },
  resumeRecording: {
    call: (api) => api.resumeRecording("call_xyz789"),
    request: "POST /v2/calls/call_xyz789/record/resume",
    reply: RESUMED,
  },
  createCallFlow: {
    call: (api) => api.createCallFlow(CALL_FLOW),
    request: "POST /v2/call-flows",
    json: CALL_FLOW,
    reply: { id: "flow_1", name: "Recorded Support Line" },
  },
  getRecording: {
    call: (api) => api.getRecording("rec_abc123"),
    request: "GET /v2/recordings/rec_abc123",
    reply: RECORDING,
  },
  listRecordings: {
    call: (api) =>
      api.listRecordings({
        callId: "call_xyz789",
        sinceMs: Date.parse("2024-01-08T10:30:00.999Z"),
        limit: 50,
        offset: 0,
      }),
    request: "GET /v2/recordings?call_id=call_xyz789&since=2024-01-08T10%3A30%3A00Z&limit=50&offset=0",
    reply: LIST,
  },
  deleteRecording: {
    call: (api) => api.deleteRecording("rec_abc123"),
    request: "DELETE /v2/recordings/rec_abc123",
    reply: DELETED,
  },
};

describe.each(Object.entries(CALLS))("AudianApi.%s", (_name, { call, request, json, reply }) => {
  it("sends the documented request and returns the bare reply", async () => {
    const { api, server } = await openApi((_, response) => sendJson(response, { ...reply, unknown_field: 1 }));
    expect(await call(api)).toEqual(reply);
    const [seen] = server.requests;
    expect(`${seen?.method} ${seen?.path}`).toBe(request);
    expect(seen?.headers).toMatchObject({ "x-auth-token": API_KEY, accept: "application/json" });
    expect(seen?.headers.authorization).toBeUndefined();
    expect(seen?.headers["content-type"]).toBe(json && "application/json");
    expect(seen?.body).toBe(json === undefined ? "" : JSON.stringify(json));
  });

  it("takes the reply out of the vendor's envelope", async () => {
    const envelope = { auth_token: API_KEY, data: reply, request_id: "r1", revision: "1", status: "success" };
    const { api } = await openApi((_, response) => sendJson(response, envelope));
    expect(await call(api)).toEqual(reply);
  });
});

describe("AudianApi", () => {
  it("sends the key as a bearer when told so", async () => {
    const { api, server } = await openApi((_, response) => sendJson(response, RECORDING), { auth: "bearer" });
    await api.getRecording("rec_abc123");
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${API_KEY}`);
    expect(server.requests[0]?.headers["x-auth-token"]).toBeUndefined();
  });

  it("reads a list whose envelope lies around its rows", async () => {
    const { api } = await openApi((_, response) => sendJson(response, { ...LIST, auth_token: API_KEY, status: "ok" }));
    expect(await api.listRecordings()).toEqual(LIST);
  });

  it("reads a recording that is not finished", async () => {
    const unfinished = { ...RECORDING, status: "recording", duration: 12.5, file_size: null, completed_at: null };
    const { api } = await openApi((_, response) => sendJson(response, unfinished));
    expect(await api.getRecording("rec_abc123")).toEqual(unfinished);
  });

  it("keeps an id with slashes, dots and spaces in its own path segment", async () => {
    const id = "../calls?x=1#é /%2f";
    const { api, server } = await openApi((_, response) => sendJson(response, { ...RECORDING, recording_id: id }));
    await api.getRecording(id);
    expect(server.requests[0]?.path).toBe("/v2/recordings/..%2Fcalls%3Fx%3D1%23%C3%A9%20%2F%252f");
  });

  it.each(["", ".", "..", "\ud800"])("refuses the id %j, which would lead elsewhere", async (id) => {
    const { api, server } = await openApi((_, response) => sendJson(response, RECORDING));
    expect(await thrownBy(api.deleteRecording(id))).toBeInstanceOf(UnsafeNameError);
    expect(await thrownBy(api.downloadRecording(id))).toBeInstanceOf(UnsafeNameError);
    expect(server.requests).toHaveLength(0);
  });

  it.each([
    ["getRecording", RECORDING],
    ["deleteRecording", DELETED],
  ] as const)("%s refuses a reply about another recording", async (name, reply) => {
    const { api } = await openApi((_, response) => sendJson(response, { ...reply, recording_id: "rec_other" }));
    const error = await thrownBy(api[name]("rec_abc123"));
    expect(error).toBeInstanceOf(VendorResponseError);
    expect(error).toMatchObject({ message: expect.stringContaining("rec_abc123: recording_id") });
  });

  it("works with a base address that ends in a slash", async () => {
    const { api, server } = await openApi((_, response) => sendJson(response, RECORDING));
    const slashed = await openApi((_, response) => sendJson(response, RECORDING), { baseUrl: `${server.origin}/v2/` });
    await slashed.api.getRecording("rec_abc123");
    expect(server.requests[0]?.path).toBe("/v2/recordings/rec_abc123");
    expect(slashed.api.origin).toBe(api.origin);
  });

  it("keeps connections for the calls that follow", async () => {
    const ports = new Set<number | undefined>();
    const { api } = await openApi((_, response) => {
      ports.add(response.socket?.remotePort);
      sendJson(response, RECORDING);
    });
    for (let round = 0; round < 10; round++) await api.getRecording("rec_abc123");
    expect(ports.size).toBeLessThanOrEqual(2);
  });
});
