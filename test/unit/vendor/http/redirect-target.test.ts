import { describe, expect, it } from "vitest";
import { VendorRedirectError } from "../../../../src/vendor/errors.ts";
import { toRedirectTarget } from "../../../../src/vendor/http/redirect-target.ts";

const HTTPS = new URL("https://api.example.com:8443/v2/recordings/a/download");
const HTTP = new URL("http://localhost:8080/v2/recordings/a/download");

describe("toRedirectTarget", () => {
  it.each([
    [HTTPS, "https://cdn.example.com/a?sig=1", "https://cdn.example.com/a?sig=1"],
    [HTTPS, "//cdn.example.com/a", "https://cdn.example.com/a"],
    [HTTPS, "/tmp/a", "https://api.example.com:8443/tmp/a"],
    [HTTPS, "bytes", "https://api.example.com:8443/v2/recordings/a/bytes"],
    [HTTP, "https://cdn.example.com/a", "https://cdn.example.com/a"],
    [HTTP, "http://cdn.example.com/a", "http://cdn.example.com/a"],
  ])("from %s to %s is %s", (from, location, target) => {
    expect(toRedirectTarget(location, from, "recording a").href).toBe(target);
  });

  it("does not leave https for http", () => {
    const downgrade = () => toRedirectTarget("http://api.example.com/a?sig=1", HTTPS, "recording a");
    expect(downgrade).toThrow(VendorRedirectError);
    expect(downgrade).toThrow("redirect refused for recording a: http://api.example.com is not https");
  });
});
