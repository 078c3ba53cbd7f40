import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A recording that a {@link TinyVendor} lists, and the bytes that it serves for it, right or wrong. */
export interface HeldRecording {
  readonly id: string;
  readonly bytes: Buffer;
  /** What the list says. @default "completed" */
  readonly status?: string;
  /** What the list says. @default the number of bytes */
  readonly sizeBytes?: number;
  /** Serves the bytes in pieces, this long apart. @default at once */
  readonly dripMs?: number;
  /** Answers so many downloads with 503 before it serves. @default 0 */
  readonly failures?: number;
}

/** A server of a few lines that speaks as much of the documented API as fetch needs, and counts downloads. */
export interface TinyVendor {
  readonly baseUrl: string;
  /** Settles with the first request. */
  readonly asked: Promise<void>;
  /** Downloads begun, by recording. */
  readonly downloads: ReadonlyMap<string, number>;
  /** The line that a webhook receiver would keep for a recording; `sha256` is that of its bytes unless given. */
  eventLine(id: string, sha256?: string): string;
}

/** How a {@link TinyVendor} behaves. */
export interface TinyVendorOptions {
  /** Answers so many lists and questions about one recording with 503 before it answers. @default 0 */
  readonly apiFailures?: number;
  /** Never answers. @default false */
  readonly isSilent?: boolean;
}

/** Starts a vendor that stops when the test ends. */
export async function openTinyVendor(
  held: readonly HeldRecording[],
  { apiFailures = 0, isSilent = false }: TinyVendorOptions = {},
): Promise<TinyVendor> {
  const downloads = new Map<string, number>();
  let apiCalls = 0;
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const [, , , id, action] = pathname.split("/");
    const recording = held.find((candidate) => candidate.id === decodeURIComponent(id ?? ""));
    if (action === undefined) apiCalls += 1;
    if (action === undefined && apiCalls <= apiFailures) response.writeHead(503, { "retry-after": "0" }).end();
    else if (id === undefined) sendJson(response, { data: held.map(toRow), pagination: toPagination(held.length) });
    else if (recording === undefined) response.writeHead(404).end('{"error":"not_found","code":404}');
    else if (action !== "download") sendJson(response, toRow(recording));
    else {
      const made = (downloads.get(recording.id) ?? 0) + 1;
      downloads.set(recording.id, made);
      if (made <= (recording.failures ?? 0)) response.writeHead(503).end();
      else void serve(response, recording);
    }
  };
  const server = createServer(isSilent ? undefined : answer);
  const asked = once(server, "request").then(() => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const eventLine = (id: string, sha256?: string) =>
    toEventLine(
      held.find((recording) => recording.id === id),
      sha256,
    );
  return { asked, baseUrl: `http://127.0.0.1:${port}/v2`, downloads, eventLine };
}

function toRow({ id, bytes, status = "completed", sizeBytes = bytes.length }: HeldRecording) {
  return { recording_id: id, call_id: `call_${id}`, file_size: sizeBytes, status, created_at: "2024-01-15T10:35:10Z" };
}

function toPagination(total: number) {
  return { total, limit: 50, offset: 0, has_more: false };
}

function toEventLine(recording: HeldRecording | undefined, sha256?: string): string {
  if (recording === undefined) throw new Error("no such recording");
  const value = sha256 ?? createHash("sha256").update(recording.bytes).digest("hex");
  const subject = { recording_id: recording.id, call_id: `call_${recording.id}` };
  const data = { ...subject, completed_at: "2024-01-15T10:36:00Z", checksum: { algorithm: "sha256", value } };
  return JSON.stringify({ event: "recording.completed", data });
}

function sendJson(response: ServerResponse, body: object): void {
  response.setHeader("content-type", "application/json").end(JSON.stringify(body));
}

async function serve(response: ServerResponse, { bytes, dripMs }: HeldRecording): Promise<void> {
  response.writeHead(200, { "content-type": "application/octet-stream", "content-length": bytes.length });
  if (dripMs === undefined) {
    response.end(bytes);
    return;
  }
  const step = Math.ceil(bytes.length / 5);
  for (let from = 0; from < bytes.length && !response.destroyed; from += step) {
    response.write(bytes.subarray(from, from + step));
    await new Promise((resolve) => setTimeout(resolve, dripMs));
  }
  response.end();
}
