import { describe, expect, it } from "vitest";
import {
  VendorNotFoundError,
  VendorRedirectError,
  VendorUnauthorizedError,
  VendorUnavailableError,
} from "../../../../src/vendor/errors.ts";
import { sendJson } from "../local-server.ts";
import { thrownBy } from "../thrown-by.ts";
import { bytesOf, KEY_HEADERS, openServer, openTransport } from "./transport-under-test.ts";

const KEY = KEY_HEADERS["x-auth-token"];
const PUBLIC_API = "https://api.example.com/v2";

describe("the key", () => {
  it("stays at the API, also where a redirect leads back to it", async () => {
    const { server, open } = await openTransport(({ path }, response) =>
      path === "/a" ? response.writeHead(302, { location: `${storage.origin}/b` }).end() : response.end("bytes"),
    );
    const storage = await openServer((_, response) =>
      response.writeHead(302, { location: `${server.origin}/c` }).end(),
    );
    expect((await bytesOf(await open())).toString()).toBe("bytes");
    expect(server.requests.map(({ headers }) => headers["x-auth-token"])).toEqual([KEY, KEY]);
    expect(storage.requests).toHaveLength(1);
    expect(JSON.stringify(storage.requests)).not.toContain(KEY);
  });

  it("goes to no other port of the API's host", async () => {
    const other = await openServer((_, response) => response.end("bytes"));
    const { open } = await openTransport((_, response) =>
      response.writeHead(307, { location: `${other.origin}/b?sig=1` }).end(),
    );
    await bytesOf(await open());
    expect(JSON.stringify(other.requests)).not.toContain(KEY);
  });
});

describe("a temporary address", () => {
  it("at the API's own origin that is refused with 401 has refused the key, which is sent there", async () => {
    const { open } = await openTransport(({ path }, response) =>
      path === "/a" ? response.writeHead(302, { location: "/b" }).end() : sendJson(response, {}, 401),
    );
    expect(await thrownBy(open())).toBeInstanceOf(VendorUnauthorizedError);
  });

  it.each([
    [401, 1],
    [403, 2],
    [410, 2],
  ])("that is refused with %i can be asked for again", async (status, places) => {
    const storage = await openServer((_, response) => sendJson(response, { error: "expired" }, status));
    for (const location of [`${storage.origin}/b?sig=5f3a`, "/b?sig=5f3a"].slice(0, places)) {
      const { open } = await openTransport(({ path }, response) =>
        path === "/a" ? response.writeHead(302, { location }).end() : sendJson(response, { error: "expired" }, status),
      );
      const error = await thrownBy(open());
      expect(error).toBeInstanceOf(VendorUnavailableError);
      expect(error).toMatchObject({ retryable: true, message: expect.not.stringContaining("5f3a") });
    }
  });

  it.each([
    [401, VendorUnauthorizedError],
    [403, VendorUnauthorizedError],
    [410, VendorNotFoundError],
  ])("is told from the API's own answer %i", async (status, expected) => {
    const { server, open } = await openTransport((_, response) => sendJson(response, {}, status));
    expect(await thrownBy(open())).toBeInstanceOf(expected);
    expect(server.requests).toHaveLength(1);
  });
});

describe("a redirect", () => {
  it("is told once, before it is followed", async () => {
    const { server, open } = await openTransport(({ path }, response) =>
      path.length < 5 ? response.writeHead(302, { location: `${path}a` }).end() : response.end("bytes"),
    );
    const seen: number[] = [];
    const onRedirect = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      seen.push(server.requests.length);
    };
    await bytesOf(await open({ onRedirect }));
    expect(seen).toEqual([1]);
    expect(server.requests).toHaveLength(4);
  });

  it("is not told of where there is none", async () => {
    const { open } = await openTransport((_, response) => response.end("bytes"));
    await bytesOf(await open({ onRedirect: () => Promise.reject(new Error("called")) }));
  });
});

describe("a host of the operator's own network", () => {
  it.each(["http://127.0.0.1", "http://localhost", "http://2130706433", "http://[::ffff:127.0.0.1]"])(
    "is not gone to as %s",
    async (host) => {
      const { server, open } = await openTransport((_, response) => response.end("secret"), { baseUrl: PUBLIC_API });
      const url = new URL(`${host}:${new URL(server.origin).port}/a`);
      const error = await thrownBy(open({ url }));
      expect(error).toBeInstanceOf(VendorRedirectError);
      expect(error).toMatchObject({ message: expect.stringContaining("is in a private network") });
      expect(server.requests).toHaveLength(0);
    },
  );

  it("is gone to when that is allowed", async () => {
    const { server, open } = await openTransport((_, response) => response.end("bytes"), {
      baseUrl: PUBLIC_API,
      allowPrivateHosts: true,
    });
    const url = new URL(`http://localhost:${new URL(server.origin).port}/a`);
    expect((await bytesOf(await open({ url }))).toString()).toBe("bytes");
  });
});

describe("a connection", () => {
  it("is closed behind a download that says so", async () => {
    const ports = new Set<number | undefined>();
    const { open } = await openTransport((_, response) => {
      ports.add(response.socket?.remotePort);
      response.end("bytes");
    });
    for (let made = 0; made < 6; made++) await bytesOf(await open({ closes: true }));
    expect(ports.size).toBe(6);
  });
});
