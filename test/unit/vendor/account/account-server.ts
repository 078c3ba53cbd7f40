import type { ServerResponse } from "node:http";
import { type LocalServer, openLocalServer, type SeenRequest, sendJson } from "../local-server.ts";

/** A recording that the account holds. */
export interface AccountRecording {
  readonly id: string;
  readonly callId: string;
  readonly startMs: number;
  /** @default the start */
  readonly savedAtMs?: number;
  /** @default 0 */
  readonly durationMs?: number;
  readonly bytes?: Uint8Array;
  /** What its item says besides, or otherwise. */
  readonly says?: Readonly<Record<string, unknown>>;
}

export const ACCOUNT_ID = "acc 1";
export const TOKEN = "token-1";
export const EPOCH_SECONDS = 62_167_219_200;
const MAX_RANGE_SECONDS = 31 * 86_400;

/** Starts a server that lists and serves an account's recordings as the vendor notes have it [K]; the caller closes it. */
export function openAccountServer(held: readonly AccountRecording[]): Promise<LocalServer> {
  return openLocalServer((request, response) => {
    const url = new URL(request.path, "http://localhost");
    const [, , place, account, , id] = url.pathname.split("/").map(decodeURIComponent);
    if (place === "api_auth") sendData(response, { account_id: ACCOUNT_ID });
    else if (request.headers["x-auth-token"] !== TOKEN) sendError(response, 401, request);
    else if (account !== ACCOUNT_ID) sendError(response, 404, request);
    else if (id === undefined) sendPage(response, held, url.searchParams);
    else
      sendOne(
        response,
        held.find((recording) => recording.id === id),
        request,
      );
  });
}

function sendPage(response: ServerResponse, held: readonly AccountRecording[], query: URLSearchParams): void {
  const [from, to] = [Number(query.get("created_from")), Number(query.get("created_to"))];
  if (!(from <= to && to - from <= MAX_RANGE_SECONDS)) {
    sendJson(response, { error: "400" }, 400);
    return;
  }
  const saved = ({ savedAtMs, startMs }: AccountRecording) => Math.floor((savedAtMs ?? startMs) / 1000) + EPOCH_SECONDS;
  const matching = held
    .filter((recording) => saved(recording) >= from && saved(recording) <= to)
    .sort((a, b) => saved(b) - saved(a));
  const first = Number((query.get("start_key") ?? "key-0").slice("key-".length));
  const next = first + Number(query.get("page_size"));
  sendData(response, matching.slice(first, next).map(toItem), {
    page_size: 50,
    next_start_key: next < matching.length ? `key-${next}` : "",
  });
}

/** Answers with bytes only to the one wish that is known to get them. */
function sendOne(response: ServerResponse, found: AccountRecording | undefined, request: SeenRequest): void {
  if (found === undefined) sendError(response, 404, request);
  else if (request.headers.accept === "audio/mpeg") {
    response.writeHead(200, { "content-type": "audio/mpeg" }).end(found.bytes);
  } else sendData(response, toItem(found));
}

function toItem({ id, callId, startMs, durationMs = 0, says }: AccountRecording): object {
  const start = startMs / 1000 + EPOCH_SECONDS;
  const duration = Math.round(durationMs / 1000);
  const own = { id, call_id: callId, start, duration, duration_ms: durationMs, media_type: ".mp3" };
  return { ...own, direction: "inbound", ...says };
}

function sendData(response: ServerResponse, data: unknown, others: object = {}): void {
  sendJson(response, {
    auth_token: TOKEN,
    data,
    request_id: "r1",
    revision: "automatic",
    status: "success",
    ...others,
  });
}

function sendError(response: ServerResponse, status: number, { headers }: SeenRequest): void {
  const data = { message: "invalid", cause: headers["x-auth-token"] };
  sendJson(response, { auth_token: TOKEN, data, status: "error", error: String(status), message: "bad" }, status);
}
