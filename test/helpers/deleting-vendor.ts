import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/**
 * What a vendor does when it is asked to delete: it says so and does; answers with a status and does, or does not; falls
 * silent after it has, or before; or says with a page of HTML that it has.
 */
export type DeletionConduct =
  | "deletes"
  | "deletes-then-500"
  | "deletes-silently"
  | "deletes-with-page"
  | "500"
  | "500-once"
  | "403"
  | "404"
  | "silent";

/** A recording that the vendor has. */
export interface DeletableRecording {
  readonly id: string;
  readonly sizeBytes: number;
  readonly conduct?: DeletionConduct;
  readonly status?: string;
}

/** A vendor of a few lines that gives recordings' data and deletes them, well or badly. */
export interface DeletingVendor {
  readonly baseUrl: string;
  /** The ids of what it still has. */
  readonly left: ReadonlySet<string>;
  /** Method and id of each request, in order. */
  readonly requests: readonly string[];
  /** The most deletions that were under way at a time. */
  readonly mostAtOnce: () => number;
}

/** What it says of when it deleted. */
export const DELETED_AT = "2026-03-01T12:00:01Z";

/** Starts a vendor that stops when the test ends. */
export async function openDeletingVendor(
  recordings: readonly DeletableRecording[],
  { onDelete }: { readonly onDelete?: () => Promise<void> } = {},
): Promise<DeletingVendor> {
  const held = new Map(recordings.map((recording) => [recording.id, recording]));
  const left = new Set(held.keys());
  const requests: string[] = [];
  let [atOnce, most] = [0, 0];
  const server = createServer(async ({ method = "", url = "/" }, response) => {
    const id = decodeURIComponent(new URL(url, "http://localhost").pathname.split("/")[3] ?? "");
    requests.push(`${method} ${id}`);
    const recording = held.get(id);
    if (recording === undefined || !left.has(id)) return sendError(response, 404);
    if (method !== "DELETE") return sendJson(response, toRow(recording));
    atOnce += 1;
    most = Math.max(most, atOnce);
    await onDelete?.();
    answerDeletion(response, recording, { left, requests });
    atOnce -= 1;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}/v2`, left, requests, mostAtOnce: () => most };
}

function answerDeletion(
  response: ServerResponse,
  { id, conduct = "deletes" }: DeletableRecording,
  { left, requests }: { readonly left: Set<string>; readonly requests: readonly string[] },
): void {
  const isFirst = requests.filter((request) => request === `DELETE ${id}`).length === 1;
  if (conduct.startsWith("deletes") || (conduct === "500-once" && !isFirst)) left.delete(id);
  if (conduct === "deletes" || (conduct === "500-once" && !isFirst)) {
    sendJson(response, { recording_id: id, deleted_at: DELETED_AT });
  } else if (conduct === "deletes-with-page") response.end("<!DOCTYPE html><title>Done</title>");
  else if (conduct === "403" || conduct === "404") sendError(response, Number(conduct));
  else if (!conduct.endsWith("silent") && !conduct.endsWith("silently")) sendError(response, 500);
}

function toRow({ id, sizeBytes, status = "completed" }: DeletableRecording) {
  return { recording_id: id, call_id: "call_1", file_size: sizeBytes, status, created_at: "2024-01-15T10:35:10Z" };
}

function sendJson(response: ServerResponse, body: object): void {
  response.setHeader("content-type", "application/json").end(JSON.stringify(body));
}

function sendError(response: ServerResponse, status: number): void {
  response.writeHead(status).end(`{"error":"status_${status}","code":${status}}`);
}
