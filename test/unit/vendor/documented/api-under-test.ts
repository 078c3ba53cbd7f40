import type { ServerResponse } from "node:http";
import { onTestFinished } from "vitest";
import { Secret } from "../../../../src/core/secret.ts";
import { AudianApi, type AudianApiOptions } from "../../../../src/vendor/documented/audian-api.ts";
import { type LocalServer, openLocalServer, type SeenRequest } from "../local-server.ts";

export const API_KEY = "key-1f9c2e77d0";

/** Starts a server and an API client for it; both are closed when the test ends. */
export async function openApi(
  answer: (request: SeenRequest, response: ServerResponse) => void,
  options: Partial<AudianApiOptions> = {},
): Promise<{ api: AudianApi; server: LocalServer }> {
  const server = await openServer(answer);
  const baseUrl = `${server.origin}/v2`;
  const api = new AudianApi({ baseUrl, apiKey: new Secret(API_KEY), auth: "token", timeoutMs: 5000, ...options });
  onTestFinished(() => api.close());
  return { api, server };
}

/** Starts a server that is closed when the test ends. */
export async function openServer(
  answer: (request: SeenRequest, response: ServerResponse) => void,
): Promise<LocalServer> {
  const server = await openLocalServer(answer);
  onTestFinished(() => server.close());
  return server;
}
