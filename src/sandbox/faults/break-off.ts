import type { ServerResponse } from "node:http";
import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import { type Chunks, takeBytes } from "./faulty-bytes.ts";

/** How an answer ends before it is whole: by RST, by FIN, or not at all until the client goes. */
export type BreakOff = "reset" | "cut" | "stall";

const READING_MS = 20;

/** Sends the first bytes of a body and then breaks the answer off. With none to send, not even its head is sent. */
export async function* breakOffAfter(
  chunks: Chunks,
  { byte, by, response }: { byte: number; by: BreakOff; response: ServerResponse },
): AsyncGenerator<Uint8Array> {
  yield* takeBytes(chunks, byte);
  await isSent(response);
  if (by === "reset") response.socket?.resetAndDestroy();
  else if (by === "cut") response.socket?.destroy();
  await isClosed(response);
}

/** What the system has not taken yet is thrown away by a reset, and what the client has not read may be lost to it. */
async function isSent(response: ServerResponse): Promise<void> {
  do {
    await delay(READING_MS);
    await nextTurn();
  } while (!response.destroyed && response.writableLength + (response.socket?.writableLength ?? 0) > 0);
}

async function isClosed(response: ServerResponse): Promise<void> {
  if (response.closed || response.socket === null) return;
  await new Promise((resolve) => response.once("close", resolve));
}
