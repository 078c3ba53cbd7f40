import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { parseSha256 } from "../../../../src/core/digest.ts";
import type { TransferJob } from "../../../../src/ingest/transfer/transfer.ts";
import { makeTemporaryFolder } from "../../../helpers/temporary-folder.ts";
import { type LocalServer, openLocalServer, type SeenRequest } from "../../vendor/local-server.ts";

/** What proves who is calling, and must be found nowhere but at the first origin. */
export const KEY_HEADERS = { "x-auth-token": "key-1f9c2e77d0" };

/** A body; no two places of it are alike, so that one that is put together wrongly has another digest. */
export const BYTES = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7 + (index >> 8)) % 256));
export const HALF = BYTES.length / 2;
export const SHA256 = parseSha256(createHash("sha256").update(BYTES).digest("hex"));
export const REPR_DIGEST = { "repr-digest": `sha-256=:${Buffer.from(SHA256, "hex").toString("base64")}:` };

/** How a server answers one request. */
export type Answer = (response: ServerResponse, request: SeenRequest) => void;

/** A server that answers the first request with the first answer, and so on; the last one stands for all that follow. */
export interface ScriptedServer extends LocalServer {
  /** The client's port of each request: what differs came over different connections. */
  readonly ports: (number | undefined)[];
  answer(...answers: readonly Answer[]): void;
}

/** Starts a scripted server that stops when the test ends. */
export async function openScriptedServer(...answers: readonly Answer[]): Promise<ScriptedServer> {
  let script = answers;
  const ports: (number | undefined)[] = [];
  const server = await openLocalServer((request, response) => {
    ports.push(response.socket?.remotePort);
    const [answer, ...rest] = script;
    if (rest.length > 0) script = rest;
    answer?.(response, request);
  });
  onTestFinished(() => server.close());
  const answerWith = (...next: readonly Answer[]) => {
    script = next;
  };
  return { ...server, ports, answer: answerWith };
}

/** Answers with all of a body. */
export function whole(headers: Readonly<Record<string, string>> = {}, bytes: Buffer = BYTES): Answer {
  return (response) => void response.writeHead(200, { "content-length": bytes.length, ...headers }).end(bytes);
}

/** Answers with what the request's range asks for, as a good server does; other headers may make it a bad one. */
export function ranged(headers: Readonly<Record<string, string>> = {}, bytes: Buffer = BYTES): Answer {
  return (response, request) => {
    const first = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    if (first === 0) return whole(headers, bytes)(response, request);
    const range = `bytes ${first}-${bytes.length - 1}/${bytes.length}`;
    const length = bytes.length - first;
    response
      .writeHead(206, { "content-range": range, "content-length": length, ...headers })
      .end(bytes.subarray(first));
  };
}

/** Answers with half of a body and then lets `then` decide, once the half lies in the folder. */
export function half(
  folder: string,
  then: (response: ServerResponse) => void,
  headers = {},
  bytes: Buffer = BYTES,
): Answer {
  return async (response) => {
    const first = bytes.subarray(0, bytes.length / 2);
    response.writeHead(200, { "content-length": bytes.length, ...headers }).write(first);
    while (heldIn(folder) < first.length) await sleep(5);
    then(response);
  };
}

export const hangUp = (response: ServerResponse) => void response.socket?.destroy();

/** Counts the bytes that are held in a folder. */
export function heldIn(folder: string): number {
  const held = readdirSync(folder).filter((name) => name.endsWith(".partial"));
  return held.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

/** A folder, and what makes jobs that lead there. */
export async function openJobs() {
  const folder = await makeTemporaryFolder();
  const toJob = (server: LocalServer, options: Partial<TransferJob> = {}): TransferJob => ({
    subject: "rec_1",
    address: { url: `${server.origin}/rec_1/download`, headers: KEY_HEADERS },
    stem: join(folder, "rec_1"),
    mayHoldBytes: true,
    sha256: undefined,
    sizeBytes: BYTES.length,
    limitBytes: BYTES.length + 1,
    reads: 1,
    ...options,
  });
  return { folder, toJob };
}
