import { rm } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import type { Clock } from "../core/clock.ts";
import { canTransition } from "../core/recording.ts";
import { ApiError } from "./api-error.ts";
import { readRequest } from "./read-request.ts";
import { toCreatedAtMs, toListItem, toRecordingReply, toVendorInstant } from "./recording-reply.ts";
import type { SandboxFolder } from "./sandbox-folder.ts";
import type { SandboxStore } from "./sandbox-store.ts";
import { ListQuery, type StoredRecording } from "./schema.ts";
import type { TemporaryLinks } from "./temporary-links.ts";

/** What the routes of recordings take. */
export interface RecordingRoutesPorts {
  readonly store: SandboxStore;
  readonly folder: SandboxFolder;
  readonly links: TemporaryLinks;
  readonly clock: Clock;
  /** Where links lead: another origin than the API's. */
  readonly storageUrl: string;
}

interface RecordingRoute {
  Params: { recordingId: string };
}

/**
 * Adds what can be asked of finished recordings.
 *
 * @see Vendor API page, "Get Recording Information" to "Delete Recording"
 */
export function addRecordingRoutes(server: FastifyInstance, ports: RecordingRoutesPorts): void {
  const { store, folder, links, clock, storageUrl } = ports;

  server.get("/recordings", async (request) => toPage(store.recordings(), readRequest(ListQuery, request.query)));

  server.get<RecordingRoute>("/recordings/:recordingId", async (request) =>
    toRecordingReply(findRecording(store, request.params.recordingId)),
  );

  server.get<RecordingRoute>("/recordings/:recordingId/download", async (request, reply) => {
    const { recordingId, format, file } = findRecording(store, request.params.recordingId);
    if (file === undefined) throw new ApiError("not_found");
    return reply.redirect(`${storageUrl}/${links.issue(recordingId)}/${recordingId}.${format}`, 302);
  });

  server.delete<RecordingRoute>("/recordings/:recordingId", async (request) => {
    const recording = findRecording(store, request.params.recordingId);
    assertFinal(recording);
    await store.removeRecording(recording.recordingId);
    await rm(folder.audioFile(recording), { force: true });
    return { recording_id: recording.recordingId, deleted_at: toVendorInstant(clock.now()) };
  });
}

function findRecording(store: SandboxStore, recordingId: string): StoredRecording {
  const recording = store.recording(recordingId);
  if (recording === undefined) throw new ApiError("not_found");
  return recording;
}

/** What is still being recorded or processed cannot be deleted: it would come back. */
function assertFinal({ status }: StoredRecording): void {
  if (canTransition(status, "failed")) throw new ApiError("invalid_state", { message: `Recording is ${status}` });
}

function toPage(recordings: readonly StoredRecording[], { call_id, since, limit, offset }: ListQuery) {
  const found = recordings
    .filter((recording) => call_id === undefined || recording.callId === call_id)
    .filter((recording) => since === undefined || toCreatedAtMs(recording) >= since)
    .sort((one, other) => toCreatedAtMs(other) - toCreatedAtMs(one));
  const total = found.length;
  return {
    data: found.slice(offset, offset + limit).map(toListItem),
    pagination: { total, limit, offset, has_more: offset + limit < total },
  };
}
