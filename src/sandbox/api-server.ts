import Fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import type { Secret } from "../core/secret.ts";
import { ApiError, answerWithApiErrors } from "./api-error.ts";
import { addCallRoutes, type CallRoutesPorts } from "./call-routes.ts";
import { addRecordingRoutes, type RecordingRoutesPorts } from "./recording-routes.ts";

/** What the API takes. */
export interface ApiPorts extends CallRoutesPorts, RecordingRoutesPorts {
  readonly apiKey: Secret;
}

/** Where the documented API lies on its server. */
export const API_PREFIX = "/v2";

/** Makes a server without routes; its address is known, and {@link addApi} can use it, only once it listens. */
export function createApiServer(): FastifyInstance {
  const server = Fastify({ forceCloseConnections: true, exposeHeadRoutes: false });
  answerWithApiErrors(server);
  return server;
}

/**
 * Adds the documented API to a server that does not listen yet. Every request must carry the key, as
 * `X-Auth-Token` like the page's curl lines or as `Authorization: Bearer` like its code samples.
 */
export function addApi(server: FastifyInstance, ports: ApiPorts): void {
  server.register(
    async (api) => {
      api.addHook("onRequest", async (request) => {
        if (!carriesKey(request, ports.apiKey.reveal())) throw new ApiError("unauthorized");
      });
      addCallRoutes(api, ports);
      addRecordingRoutes(api, ports);
    },
    { prefix: API_PREFIX },
  );
}

function carriesKey({ headers }: FastifyRequest, key: string): boolean {
  return headers["x-auth-token"] === key || headers.authorization === `Bearer ${key}`;
}
