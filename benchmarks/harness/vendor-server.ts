import { once } from "node:events";
import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type GeneratedRecording, generateRecordings } from "./generated-recordings.ts";
import { toPageReply, toRecordingReply } from "./vendor-replies.ts";

/*
 * A process of its own: the documented API and the storage behind its download links, on two ports of this machine,
 * both from memory. It is started with the number of recordings, their length and the milliseconds that each answer is
 * held back; it tells its parent the ports, and ends with it.
 */

const [count = 0, secondsEach = 0, latencyMs = 0] = process.argv.slice(2).map(Number);
const recordings = generateRecordings({ count, secondsEach });
const byId = new Map(recordings.map((recording) => [recording.recordingId, recording]));

const storage = createLateServer((request, response) => {
  const recording = byId.get((request.url ?? "").slice("/storage/".length).replace(/\.wav$/, ""));
  if (recording === undefined) sendJson(response, 404, { error: "not_found" });
  else sendFile(response, recording);
});

const api = createLateServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
  const [, version, resource, recordingId, action] = pathname.split("/");
  const recording = byId.get(recordingId ?? "");
  if (request.headers["x-auth-token"] === undefined) sendJson(response, 401, { error: "unauthorized" });
  else if (version !== "v2" || resource !== "recordings") sendJson(response, 404, { error: "not_found" });
  else if (recordingId === undefined) sendJson(response, 200, toPageReply(recordings, searchParams));
  else if (recording === undefined) sendJson(response, 404, { error: "not_found" });
  else if (action === "download") sendOn(response, recording);
  else sendJson(response, 200, toRecordingReply(recording));
});

await Promise.all([listen(storage), listen(api)]);
process.send?.({ apiPort: toPort(api), storagePort: toPort(storage) });
process.once("disconnect", () => {
  for (const server of [api, storage]) {
    server.close();
    server.closeAllConnections();
  }
});

/** Only the answers are late: there is no way to make a connection on this machine take longer. */
function createLateServer(answer: RequestListener): Server {
  if (latencyMs === 0) return createServer(answer);
  return createServer((request, response) => void setTimeout(() => answer(request, response), latencyMs));
}

async function listen(server: Server): Promise<void> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
}

function toPort(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function sendOn(response: ServerResponse, { recordingId }: GeneratedRecording): void {
  const location = `http://127.0.0.1:${toPort(storage)}/storage/${recordingId}.wav`;
  response.writeHead(302, { location, "content-length": 0 }).end();
}

function sendFile(response: ServerResponse, { sizeBytes, parts: [header, samples] }: GeneratedRecording): void {
  response.writeHead(200, { "content-type": "audio/wav", "content-length": sizeBytes });
  response.write(header);
  response.end(samples);
}
