import type { ServerResponse } from "node:http";
import { toIsoInstant } from "../../../../src/core/clock.ts";
import { Secret } from "../../../../src/core/secret.ts";
import { AudianApi } from "../../../../src/vendor/documented/audian-api.ts";
import { DocumentedSource } from "../../../../src/vendor/documented/documented-source.ts";
import { describeRecordingSource, type HeldRecording } from "../../../contract/recording-source.contract.ts";
import { openLocalServer, type SeenRequest, sendJson } from "../local-server.ts";
import { NOT_FOUND } from "./vendor-page.ts";

describeRecordingSource("DocumentedSource", async (held) => {
  const storage = await openLocalServer(({ path }, response) => response.end(held[Number(path.slice(1))]?.bytes));
  const server = await openLocalServer(toVendor(held, storage.origin));
  const baseUrl = `${server.origin}/v2`;
  const api = new AudianApi({ baseUrl, apiKey: new Secret("key"), auth: "token", timeoutMs: 5000 });
  const source = new DocumentedSource(api);
  return {
    source,
    exchangesKey: false,
    close: async () => {
      await source.close();
      await Promise.all([server.close(), storage.close()]);
    },
  };
});

/** Plays the documented list, get, download and delete over a fixed set of recordings. */
function toVendor(held: readonly HeldRecording[], storage: string) {
  const deleted = new Set<HeldRecording>();
  return ({ path, method }: SeenRequest, response: ServerResponse): void => {
    const { pathname, searchParams } = new URL(path, storage);
    const [, , , id, action] = pathname.split("/");
    const index = held.findIndex(({ recordingId }) => recordingId === decodeURIComponent(id ?? ""));
    const found = held[index];
    if (id === undefined) sendJson(response, toPage(held, searchParams));
    else if (found === undefined || deleted.has(found)) sendJson(response, NOT_FOUND, 404);
    else if (method === "DELETE") {
      deleted.add(found);
      sendJson(response, { recording_id: found.recordingId, deleted_at: "2024-01-15T11:00:00Z" });
    } else if (action === undefined) sendJson(response, toRow(found));
    else response.writeHead(302, { location: `${storage}/${index}` }).end();
  };
}

function toPage(held: readonly HeldRecording[], query: URLSearchParams): object {
  const [callId, since] = [query.get("call_id"), query.get("since") ?? "1970-01-01"];
  const [limit, offset] = [Number(query.get("limit")), Number(query.get("offset"))];
  const matching = held.filter(
    (recording) => (callId ?? recording.callId) === recording.callId && recording.createdAtMs >= Date.parse(since),
  );
  const data = matching.slice(offset, offset + limit).map(toRow);
  const has_more = offset + limit < matching.length;
  return { data, pagination: { total: matching.length, limit, offset, has_more } };
}

function toRow({ recordingId, callId, createdAtMs, bytes }: HeldRecording): object {
  const created_at = toIsoInstant(createdAtMs);
  return { recording_id: recordingId, call_id: callId, status: "completed", created_at, file_size: bytes.length };
}
