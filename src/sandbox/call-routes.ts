import type { FastifyInstance } from "fastify";
import type { Clock } from "../core/clock.ts";
import { ApiError } from "./api-error.ts";
import { readRequest } from "./read-request.ts";
import type { Recorder } from "./recorder.ts";
import { toVendorInstant } from "./recording-reply.ts";
import type { SandboxStore } from "./sandbox-store.ts";
import { NewCall, NewCallFlow, RecordingSettings, type StoredRecording } from "./schema.ts";

/** What the routes of calls take. */
export interface CallRoutesPorts {
  readonly store: SandboxStore;
  readonly recorder: Recorder;
  readonly clock: Clock;
}

interface CallRoute {
  Params: { callId: string };
}

/**
 * Adds the calls, the call flows and the four calls that control a recording.
 *
 * @see Vendor API page, "Automatic Recording" to "Recording for Inbound Calls"; what `POST /calls`, `pause`,
 * `resume` and `POST /call-flows` answer is not on the page
 */
export function addCallRoutes(server: FastifyInstance, { store, recorder, clock }: CallRoutesPorts): void {
  server.post("/calls", async (request, reply) => {
    const { from, to, recording } = readRequest(NewCall, request.body);
    const settings = recording ?? store.callFlowOf(to)?.recording;
    const call = { callId: store.newId("call"), from, to, direction: "outbound" as const, createdAtMs: clock.now() };
    await store.putCall(call);
    const started = settings?.enabled ? await recorder.start(call.callId, settings) : undefined;
    const created = { call_id: call.callId, from, to, created_at: toVendorInstant(call.createdAtMs) };
    return reply.code(201).send({ ...created, ...(started && { recording: toStartReply(started) }) });
  });

  server.post("/call-flows", async (request, reply) => {
    const flow = {
      ...readRequest(NewCallFlow, request.body),
      callFlowId: store.newId("flow"),
      createdAtMs: clock.now(),
    };
    await store.putCallFlow(flow);
    const { callFlowId, createdAtMs, ...asked } = flow;
    return reply.code(201).send({ call_flow_id: callFlowId, ...asked, created_at: toVendorInstant(createdAtMs) });
  });

  server.post<CallRoute>("/calls/:callId/record/start", async (request) => {
    const callId = findCall(store, request.params.callId);
    return toStartReply(await recorder.start(callId, readRequest(RecordingSettings, request.body ?? {})));
  });

  server.post<CallRoute>("/calls/:callId/record/stop", async (request) => {
    const { end, ...recording } = await recorder.stop(findCall(store, request.params.callId));
    return {
      ...toControlReply(recording),
      stopped_at: toVendorInstant(end.stoppedAtMs),
      duration: end.durationSeconds,
    };
  });

  server.post<CallRoute>("/calls/:callId/record/pause", async (request) =>
    toControlReply(await recorder.pause(findCall(store, request.params.callId))),
  );

  server.post<CallRoute>("/calls/:callId/record/resume", async (request) =>
    toControlReply(await recorder.resume(findCall(store, request.params.callId))),
  );
}

function findCall(store: SandboxStore, callId: string): string {
  if (store.call(callId) === undefined) throw new ApiError("not_found", { message: "Call not found" });
  return callId;
}

function toControlReply({ callId, recordingId, status }: StoredRecording) {
  return { call_id: callId, recording_id: recordingId, status };
}

function toStartReply(recording: StoredRecording) {
  const { startedAtMs, format } = recording;
  return { ...toControlReply(recording), started_at: toVendorInstant(startedAtMs), format };
}
