import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { makeWavHeader, WAV_HEADER_BYTES } from "../helpers/make-wav.ts";
import { seededRandom } from "./crash-rounds.ts";

/** A vendor whose bodies come slowly, by redirect, with ranges and entity tags; it counts what it sends. */
export interface PacedVendor {
  readonly baseUrl: string;
  readonly ids: readonly string[];
  /** The size of all recordings together. */
  readonly totalBytes: number;
  /** The bytes of bodies that were sent so far. */
  readonly sentBytes: number;
  /** Bodies begun, by recording. */
  readonly downloads: ReadonlyMap<string, number>;
  /** What a webhook receiver would keep, with a sha256 for each. */
  readonly eventLines: string;
  bytesOf(id: string): Buffer;
}

/** What a {@link PacedVendor} has, and how slowly it gives it. */
export interface PacedVendorOptions {
  readonly recordings: number;
  readonly sizeBytes: number;
  /** A piece is sent each {@link PIECE_MS}, so that next to nothing of a body is ever on its way. */
  readonly pieceBytes: number;
}

const PIECE_MS = 20;

/** Starts a vendor that stops when the test ends. */
export async function openPacedVendor(options: PacedVendorOptions): Promise<PacedVendor> {
  const { recordings, sizeBytes } = options;
  const ids = Array.from({ length: recordings }, (_, index) => `rec_${index}`);
  const sound = makeNoise(sizeBytes);
  const downloads = new Map<string, number>();
  let sentBytes = 0;
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const [, place, , id, action] = (request.url ?? "").split(/[/?]/);
    if (place === "bytes" && id !== undefined) {
      downloads.set(id, (downloads.get(id) ?? 0) + 1);
      void sendBody(request, response, {
        bytes: toBytes(sound, id),
        ...options,
        sent: (count) => (sentBytes += count),
      });
    } else if (action === "download") response.writeHead(302, { location: `/bytes/of/${id}` }).end();
    else {
      const data = ids.map((one) => toRow(one, sizeBytes));
      const pagination = { total: data.length, limit: data.length, offset: 0, has_more: false };
      response.setHeader("content-type", "application/json").end(JSON.stringify({ data, pagination }));
    }
  };
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2`,
    ...{ ids, downloads },
    totalBytes: recordings * sizeBytes,
    get sentBytes() {
      return sentBytes;
    },
    eventLines: ids.map((id) => toEventLine(id, toBytes(sound, id))).join(""),
    bytesOf: (id) => toBytes(sound, id),
  };
}

interface Body {
  readonly bytes: Buffer;
  readonly pieceBytes: number;
  readonly sent: (count: number) => void;
}

async function sendBody({ headers, socket }: IncomingMessage, response: ServerResponse, body: Body): Promise<void> {
  const { bytes, pieceBytes, sent } = body;
  const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
  const range = from === 0 ? {} : { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
  const etag = `"${hashOf(bytes)}"`;
  response.writeHead(from === 0 ? 200 : 206, { etag, "content-length": bytes.length - from, ...range });
  // To a client that was killed nothing more is sent, whether or not its system has refused a piece yet.
  const isHeard = () => !response.destroyed && !socket.readableEnded;
  for (let next = from; next < bytes.length && isHeard(); next += pieceBytes) {
    const piece = bytes.subarray(next, next + pieceBytes);
    response.write(piece);
    sent(piece.length);
    await sleep(PIECE_MS);
  }
  response.end();
}

/** Noise, so that no two places of a recording are the same. */
function makeNoise(sizeBytes: number): Buffer {
  const random = seededRandom(1);
  const wav = Buffer.from(Uint8Array.from({ length: sizeBytes }, () => random() * 256));
  makeWavHeader(sizeBytes).copy(wav);
  return wav;
}

/** Every recording is another one, at its beginning and at its end. */
function toBytes(sound: Buffer, id: string): Buffer {
  const bytes = Buffer.from(sound);
  bytes.write(id, WAV_HEADER_BYTES);
  bytes.write(id, bytes.length - id.length);
  return bytes;
}

function toRow(id: string, sizeBytes: number) {
  const state = { status: "completed", created_at: "2024-01-15T10:35:10Z" };
  return { recording_id: id, call_id: `call_${id}`, file_size: sizeBytes, ...state };
}

function toEventLine(id: string, bytes: Buffer): string {
  const checksum = { algorithm: "sha256", value: hashOf(bytes) };
  const data = { recording_id: id, call_id: `call_${id}`, completed_at: "2024-01-15T10:36:00Z", checksum };
  return `${JSON.stringify({ event: "recording.completed", data })}\n`;
}

function hashOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
