import Fastify, { type FastifyInstance } from "fastify";
import { type AccountPorts, addAccountRoutes } from "./account/account-routes.ts";
import { ApiError, answerWithApiErrors } from "./api-error.ts";
import { addCallRoutes, type CallRoutesPorts } from "./call-routes.ts";
import { addRecordingRoutes, type RecordingRoutesPorts } from "./recording-routes.ts";

/** What the API takes. */
export type ApiPorts = CallRoutesPorts & RecordingRoutesPorts & AccountPorts;

/** Where the documented API lies on its server. */
export const API_PREFIX = "/v2";

/** Makes a server without routes; its address is known, and {@link addApi} can use it, only once it listens. */
export function createApiServer(): FastifyInstance {
  const server = Fastify({ forceCloseConnections: true, exposeHeadRoutes: false });
  answerWithApiErrors(server);
  return server;
}

/**
 * Adds the documented API to a server that does not listen yet, and the account's listing beside it. Every request
 * must carry the key, as `X-Auth-Token` like the page's curl lines or as `Authorization: Bearer` like its code
 * samples, or a token that it was exchanged for.
 */
export function addApi(server: FastifyInstance, ports: ApiPorts): void {
  server.register(
    async (api) => {
      api.addHook("onRequest", async ({ headers }) => {
        if (!ports.credentials.accepts(headers)) throw new ApiError("unauthorized");
      });
      addCallRoutes(api, ports);
      addRecordingRoutes(api, ports);
    },
    { prefix: API_PREFIX },
  );
  server.register(async (account) => addAccountRoutes(account, ports), { prefix: API_PREFIX });
}
