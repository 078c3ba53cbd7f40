import type { ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { systemClock } from "../../../../src/core/clock.ts";
import { HttpTransport, type HttpTransportOptions } from "../../../../src/vendor/http/http-transport.ts";
import { type Download, type DownloadRequest, openDownload } from "../../../../src/vendor/http/open-download.ts";
import { type LocalServer, openLocalServer, type SeenRequest } from "../local-server.ts";

/** A server and a transport whose base it is; both are closed when the test ends. */
export interface ServedTransport {
  readonly server: LocalServer;
  readonly transport: HttpTransport;
  open(request?: Partial<DownloadRequest> & { readonly path?: string }): Promise<Download>;
}

/** What proves who is calling, and must be found nowhere but at the API. */
export const KEY_HEADERS = { "x-auth-token": "key-1f9c2e77d0" };

/** Starts a server that is closed when the test ends. */
export async function openServer(
  answer: (request: SeenRequest, response: ServerResponse) => void,
): Promise<LocalServer> {
  const server = await openLocalServer(answer);
  onTestFinished(() => server.close());
  return server;
}

/** Starts a server and joins a transport to it. */
export async function openTransport(
  answer: (request: SeenRequest, response: ServerResponse) => void,
  options: Partial<HttpTransportOptions> = {},
): Promise<ServedTransport> {
  const server = await openServer(answer);
  const transport = new HttpTransport({ baseUrl: server.origin, timeoutMs: 5000, clock: systemClock, ...options });
  onTestFinished(() => transport.close());
  return {
    server,
    transport,
    open: ({ path = "/a", ...request } = {}) =>
      openDownload(transport.send, {
        url: new URL(path, server.origin),
        headers: KEY_HEADERS,
        subject: "recording a",
        ...request,
      }),
  };
}

/** Reads a download to its end. */
export function bytesOf({ chunks }: Download): Promise<Buffer> {
  return buffer(chunks as AsyncIterable<Buffer>);
}
