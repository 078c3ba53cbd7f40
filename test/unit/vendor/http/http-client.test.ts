import type { ServerResponse } from "node:http";
import { inspect } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../../../src/core/clock.ts";
import { Secret } from "../../../../src/core/secret.ts";
import { VendorResponseError, VendorUnauthorizedError, VendorUnavailableError } from "../../../../src/vendor/errors.ts";
import type { AuthScheme } from "../../../../src/vendor/http/credential.ts";
import { HttpClient } from "../../../../src/vendor/http/http-client.ts";
import { type LocalServer, type SeenRequest, sendJson } from "../local-server.ts";
import { thrownBy } from "../thrown-by.ts";
import { openServer } from "./transport-under-test.ts";

const KEY = "apikeythatisaword";

interface ServedClient {
  readonly server: LocalServer;
  readonly client: HttpClient;
  get(signal?: AbortSignal): Promise<number>;
  /** Tokens that were asked for. */
  signIns(): number;
}

/** Starts a server that gives the tokens `token-1`, `token-2` and so on, and takes those that `takes` takes. */
async function openClient(
  takes: (token: string) => boolean,
  { auth = "exchange", signIn = grantToken }: { auth?: AuthScheme; signIn?: typeof grantToken } = {},
): Promise<ServedClient> {
  let granted = 0;
  const server = await openServer((request, response) => {
    if (request.path === "/v2/api_auth") signIn(response, ++granted, request);
    else if (takes(String(request.headers["x-auth-token"]))) sendJson(response, { data: {} });
    else sendJson(response, { status: "error", error: "401", message: "invalid_credentials" }, 401);
  });
  const baseUrl = `${server.origin}/v2`;
  const client = new HttpClient({ baseUrl, apiKey: new Secret(KEY), auth, timeoutMs: 2000, clock: systemClock });
  onTestFinished(() => client.close());
  const url = new URL(`${baseUrl}/recordings`);
  const get = async (signal?: AbortSignal) => {
    const reply = await client.send({ method: "GET", url, subject: "list", accept: "application/json", signal });
    await reply.body.dump();
    return reply.statusCode;
  };
  return { server, client, get, signIns: () => granted };
}

function grantToken(response: ServerResponse, number: number, _request: SeenRequest): void {
  // A pause in which others come to want a token.
  setTimeout(() => sendJson(response, { auth_token: `token-${number}`, data: { account_id: "acc1" } }), 20);
}

describe("a key that is sent itself", () => {
  it.each(["token", "bearer"] as const)("as a %s is refused once and not sent again", async (auth) => {
    const { server, get } = await openClient(() => false, { auth });
    expect(await thrownBy(get())).toBeInstanceOf(VendorUnauthorizedError);
    expect(server.requests).toHaveLength(1);
  });

  it("tells of no account", async () => {
    const { client, server } = await openClient(() => true, { auth: "token" });
    expect(await client.accountId()).toBeUndefined();
    expect(server.requests).toHaveLength(0);
  });
});

describe("a key that is exchanged", () => {
  it("goes to the sign-in alone, and its token to the rest", async () => {
    const { server, client, get } = await openClient((token) => token === "token-1");
    expect(await get()).toBe(200);
    const [signIn, list] = server.requests;
    expect(signIn).toMatchObject({ method: "PUT", path: "/v2/api_auth" });
    expect(JSON.parse(signIn?.body ?? "")).toEqual({ data: { api_key: KEY } });
    expect(JSON.stringify(list)).not.toContain(KEY);
    expect(await client.accountId()).toBe("acc1");
  });

  it("is exchanged once for all who want a token at the same time", async () => {
    const { get, signIns } = await openClient((token) => token === "token-1");
    expect(await Promise.all(Array.from({ length: 8 }, () => get()))).toEqual(Array(8).fill(200));
    expect(signIns()).toBe(1);
  });

  it("is exchanged once more for all whose token has expired", async () => {
    let expired = false;
    const { get, signIns } = await openClient((token) => token === (expired ? "token-2" : "token-1"));
    await get();
    expired = true;
    expect(await Promise.all(Array.from({ length: 8 }, () => get()))).toEqual(Array(8).fill(200));
    expect(signIns()).toBe(2);
  });

  it("is not exchanged in a loop when its tokens are refused", async () => {
    const { server, get } = await openClient(() => false);
    expect(await thrownBy(get())).toBeInstanceOf(VendorUnauthorizedError);
    expect(server.requests.map(({ path }) => path)).toEqual([
      "/v2/api_auth",
      "/v2/recordings",
      "/v2/api_auth",
      "/v2/recordings",
    ]);
  });

  it.each([400, 401, 403])("and refused with %i fails, and no error repeats it", async (status) => {
    const { get } = await openClient(() => true, {
      signIn: (response) => sendJson(response, { error: KEY, message: KEY, data: { cause: KEY } }, status),
    });
    const error = await thrownBy(get());
    expect(error).toMatchObject({ retryable: false, message: expect.stringContaining("sign-in") });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(KEY);
  });

  it.each([
    ["no token", { data: { account_id: "acc1" } }],
    ["a token that no header can hold", { auth_token: "a\r\nb", data: {} }],
  ])("for %s fails", async (_what, body) => {
    const { get } = await openClient(() => true, { signIn: (response) => sendJson(response, body) });
    expect(await thrownBy(get())).toBeInstanceOf(VendorResponseError);
  });

  it("is exchanged anew after an attempt that failed", async () => {
    const { get, signIns } = await openClient(() => true, {
      signIn: (response, number, request) =>
        number === 1 ? sendJson(response, {}, 503) : grantToken(response, number, request),
    });
    expect(await thrownBy(get())).toBeInstanceOf(VendorUnavailableError);
    expect(await get()).toBe(200);
    expect(signIns()).toBe(2);
  });

  it("is exchanged to the end for others when the one who asked first stops", async () => {
    const { get, signIns } = await openClient(() => true);
    const reason = new Error("stopped by the caller");
    const controller = new AbortController();
    const stopped = thrownBy(get(controller.signal));
    const others = [get(), get()];
    controller.abort(reason);
    expect(await stopped).toBe(reason);
    expect(await Promise.all(others)).toEqual([200, 200]);
    expect(signIns()).toBe(1);
  });
});
