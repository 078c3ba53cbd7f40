import { rm } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import type { Clock } from "../core/clock.ts";
import { canTransition } from "../core/recording.ts";
import { ApiError } from "./api-error.ts";
import { readRequest } from "./read-request.ts";
import { toCreatedAtMs, toListItem, toRecordingReply, toVendorInstant } from "./recording-reply.ts";
import type { RecordingShelf } from "./recording-shelf.ts";
import type { SandboxFolder } from "./sandbox-folder.ts";
import type { SandboxStore } from "./sandbox-store.ts";
import { ListQuery, type StoredRecording } from "./schema.ts";
import type { TemporaryLinks } from "./temporary-links.ts";

/** What the routes of recordings take. */
export interface RecordingRoutesPorts {
  readonly store: SandboxStore;
  readonly shelf: RecordingShelf;
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
  const { store, shelf, folder, links, clock, storageUrl } = ports;

  server.get("/recordings", async (request) =>
    toPage(shelf, { subject: request.url, query: readRequest(ListQuery, request.query) }),
  );

  server.get<RecordingRoute>("/recordings/:recordingId", async (request) =>
    toRecordingReply(shelf.describe(request.params.recordingId) ?? refuse()),
  );

  server.get<RecordingRoute>("/recordings/:recordingId/download", async (request, reply) => {
    const { recordingId, format, file } = shelf.find(request.params.recordingId) ?? refuse();
    if (file === undefined) throw new ApiError("not_found");
    return reply.redirect(`${storageUrl}/${links.issue(recordingId)}/${recordingId}.${format}`, 302);
  });

  server.delete<RecordingRoute>("/recordings/:recordingId", async (request) => {
    const recording = shelf.find(request.params.recordingId) ?? refuse();
    assertFinal(recording);
    await store.removeRecording(recording.recordingId);
    await rm(folder.audioFile(recording), { force: true });
    return { recording_id: recording.recordingId, deleted_at: toVendorInstant(clock.now()) };
  });
}

function refuse(): never {
  throw new ApiError("not_found");
}

/** What is still being recorded or processed cannot be deleted: it would come back. */
function assertFinal({ status }: StoredRecording): void {
  if (canTransition(status, "failed")) throw new ApiError("invalid_state", { message: `Recording is ${status}` });
}

function toPage(shelf: RecordingShelf, { subject, query }: { subject: string; query: ListQuery }) {
  const { call_id, since, limit, offset } = query;
  const { rows, total } = shelf.page({
    subject,
    accepts: (recording) =>
      (call_id === undefined || recording.callId === call_id) &&
      (since === undefined || toCreatedAtMs(recording) >= since),
    toInstantMs: toCreatedAtMs,
    toOffset: () => offset,
    limit,
  });
  return { data: rows.map(toListItem), pagination: { total, limit, offset, has_more: offset + limit < total } };
}
