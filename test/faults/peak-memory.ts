import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { makeWavHeader, WAV_HEADER_BYTES } from "../helpers/make-wav.ts";
import { finish, startHoldfast } from "../helpers/run-holdfast.ts";

/** What is there to be fetched. */
export interface Load {
  readonly recordings: number;
  /** Of each. */
  readonly sizeBytes: number;
}

const KIB = 1024;
const SAMPLING_MS = 20;
/** Silence would be a hole in the file on some disks. */
const NOISE = Buffer.alloc(64 * KIB, "not silence");

/**
 * Fetches a load with the real program and gives the most memory that the process had, its threads included, as Linux
 * itself notes it.
 */
export async function measurePeakBytes(load: Load): Promise<number> {
  const cwd = await mkdtemp(join(tmpdir(), "holdfast-memory-"));
  const server = createServer((request, response) => void answer(request.url ?? "", response, load));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    const env = { AUDIAN_BASE_URL: `http://127.0.0.1:${port}/v2`, AUDIAN_API_KEY: "key" };
    const child = startHoldfast(["fetch", "--quiet"], { cwd, env });
    const ended = finish(child);
    const peak = watchPeak(child.pid, ended);
    const { code, stderr } = await ended;
    if (code !== 0) throw new Error(`the fetch ended with ${code}: ${stderr}`);
    return await peak;
  } finally {
    server.close();
    server.closeAllConnections();
    await rm(cwd, { recursive: true });
  }
}

/**
 * Gives the most memory that a process had until it ended. The kernel's own high-water mark only rises: the last look before the
 * end misses nothing but the end.
 */
export async function watchPeak(pid: number | undefined, ended: Promise<unknown>): Promise<number> {
  let [peakBytes, isOver] = [0, false];
  const stop = () => {
    isOver = true;
  };
  void ended.then(stop, stop);
  while (!isOver) {
    const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
    peakBytes = Math.max(peakBytes, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * KIB);
    await sleep(SAMPLING_MS);
  }
  return peakBytes;
}

async function answer(url: string, response: ServerResponse, load: Load): Promise<void> {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  if (pathname.endsWith("/download")) {
    response.writeHead(200, { "content-type": "audio/wav", "content-length": load.sizeBytes });
    await pipeline(Readable.from(toWav(load)), response);
    return;
  }
  const [offset, limit] = [Number(searchParams.get("offset")), Number(searchParams.get("limit"))];
  const count = Math.max(0, Math.min(limit, load.recordings - offset));
  const data = Array.from({ length: count }, (_, index) => toRow(offset + index, load));
  const pagination = { total: load.recordings, limit, offset, has_more: offset + count < load.recordings };
  response.setHeader("content-type", "application/json").end(JSON.stringify({ data, pagination }));
}

function* toWav({ sizeBytes }: Load): Generator<Buffer> {
  yield makeWavHeader(sizeBytes);
  for (let left = sizeBytes - WAV_HEADER_BYTES; left > 0; left -= NOISE.length) yield NOISE.subarray(0, left);
}

/** A month of recordings, so that there are as many folders as there are in use. */
function toRow(index: number, { recordings, sizeBytes }: Load) {
  const day = 1 + Math.floor((index * 30) / recordings);
  return {
    recording_id: `rec_${String(index).padStart(16, "0")}`,
    call_id: `call_${String(index).padStart(16, "0")}`,
    ...{ duration: 60, file_size: sizeBytes, file_format: "wav", bitrate: 256, sample_rate: 16_000, channels: 1 },
    ...{ status: "completed", completed_at: `2024-06-${String(day).padStart(2, "0")}T10:36:00Z` },
    created_at: `2024-06-${String(day).padStart(2, "0")}T10:35:10Z`,
  };
}
