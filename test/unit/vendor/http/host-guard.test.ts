import { lookup } from "node:dns/promises";
import { hostname } from "node:os";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { VendorRedirectError } from "../../../../src/vendor/errors.ts";
import { HostGuard, type HostGuardOptions, isPrivateAddress } from "../../../../src/vendor/http/host-guard.ts";

const PUBLIC_API = "https://api.example.com:8443/v2";

function check(url: string, options: Partial<HostGuardOptions> = {}): void {
  new HostGuard({ baseUrl: PUBLIC_API, ...options }).check(new URL(url), "recording a");
}

describe("an address in numbers", () => {
  it.each([
    "http://127.0.0.1/",
    "http://127.8.9.10:80/",
    "http://10.1.2.3/",
    "http://172.31.0.1/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data",
    "http://100.100.100.200/",
    "http://0.0.0.0/",
    "http://255.255.255.255/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.1/",
    "http://127.1/",
    "http://[::]/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::10.0.0.1]/",
    "http://[2002:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fec0::1]/",
    "http://[fd12:3456::1]/",
    "http://[ff02::1]/",
  ])("%s is refused", (url) => {
    expect(() => check(url)).toThrow(VendorRedirectError);
    expect(() => check(url)).toThrow(/^redirect refused for recording a: \S+ is in a private network$/);
  });

  it.each([
    "http://93.184.216.34/",
    "http://172.32.0.1/",
    "http://100.128.0.1/",
    "http://[2606:2800:220:1::1]/",
    "http://[64:ff9b::93.184.216.34]/",
    "http://[::ffff:93.184.216.34]/",
    "http://10.example.com/",
    "https://api.example.com:8443/tmp/a",
  ])("%s is gone to", (url) => {
    expect(() => check(url)).not.toThrow();
  });

  it.each(["http://localhost:8080/v2", "http://127.0.0.1:8080/v2", "http://[::1]/v2", "https://192.168.1.5/v2"])(
    "may be private when the base is %s",
    (baseUrl) => {
      expect(() => check("http://10.0.0.1/", { baseUrl })).not.toThrow();
    },
  );

  it("may be private when that is allowed", () => {
    expect(() => check("http://10.0.0.1/", { allowPrivateHosts: true })).not.toThrow();
  });
});

/** Most machines know themselves by an address of their own network, but none has to. */
const ownNameIsPrivate = await lookup(hostname()).then(
  ({ address }) => hostname() !== "localhost" && isPrivateAddress(address),
  () => false,
);

describe("a name", () => {
  const resolve = async (hostname: string, options: Partial<HostGuardOptions> = {}): Promise<unknown> => {
    const guard = new HostGuard({ baseUrl: PUBLIC_API, ...options });
    return promisify(guard.lookup)(hostname, { all: true });
  };

  it("that leads to a private address is refused when it is looked up", async () => {
    await expect(resolve("localhost")).rejects.toBeInstanceOf(VendorRedirectError);
    await expect(resolve("localhost")).rejects.toMatchObject({
      hint: expect.stringContaining("--allow-private-hosts"),
    });
  });

  it("that leads to a private address is gone to when that is allowed", async () => {
    const found = (await resolve("localhost", { allowPrivateHosts: true })) as { address: string }[];
    expect(found.every(({ address }) => isPrivateAddress(address))).toBe(true);
  });

  it("that the base has makes the base local once it is found to be", async ({ skip }) => {
    skip(!ownNameIsPrivate, "this machine's own name leads to no private address");
    const guard = new HostGuard({ baseUrl: `http://${hostname()}:8080/v2` });
    expect(() => guard.check(new URL("http://10.0.0.1/"), "a")).toThrow(VendorRedirectError);
    await promisify(guard.lookup)(hostname().toLowerCase(), { all: true });
    expect(() => guard.check(new URL("http://10.0.0.1/"), "a")).not.toThrow();
  });

  it("that nobody knows is told as such", async () => {
    await expect(resolve("nobody.invalid")).rejects.toMatchObject({ code: expect.stringMatching(/^E/) });
  });
});
