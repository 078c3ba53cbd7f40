import { type LookupAddress, type LookupOptions, lookup } from "node:dns";
import { BlockList, isIP } from "node:net";
import { VendorRedirectError } from "../errors.ts";

/** Whether redirects may lead into the operator's own network. */
export interface HostGuardOptions {
  /** The API's address; its own host is always allowed. */
  readonly baseUrl: string;
  /** @default only when the base URL itself leads to a private address */
  readonly allowPrivateHosts?: boolean | undefined;
}

/** What `node:net` hands to a look-up: it takes all addresses, or the first with its family. */
type LookupDone = (error: Error | null, found: string | LookupAddress[], family?: number) => void;

/**
 * Keeps a server that we were sent on to from being one of the operator's own: a redirect to `169.254.169.254` or to
 * a host of the local network would let whoever writes the redirect read what only this machine can reach.
 *
 * Names are judged by the addresses that the connection really uses, not by an earlier look-up.
 */
export class HostGuard {
  readonly #baseHost: string;
  readonly #allowPrivateHosts: boolean;
  #baseIsPrivate: boolean;

  constructor({ baseUrl, allowPrivateHosts = false }: HostGuardOptions) {
    this.#baseHost = toHost(new URL(baseUrl));
    this.#allowPrivateHosts = allowPrivateHosts;
    this.#baseIsPrivate = this.#baseHost === "localhost" || isPrivateAddress(this.#baseHost);
  }

  /**
   * Refuses an address that is written in numbers; one with a name is judged when it is looked up.
   *
   * @throws {VendorRedirectError} it is a private one.
   */
  check(url: URL, subject: string): void {
    const host = toHost(url);
    const refusal = host === this.#baseHost ? undefined : this.#toRefusal(host, [host], subject);
    if (refusal !== undefined) throw refusal;
  }

  /** Looks a host up as `node:net` wants it done, and refuses one that has a private address. */
  readonly lookup = (hostname: string, options: LookupOptions, done: LookupDone): void => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const refusal = error ?? this.#findRefusal(hostname, addresses);
      const [first] = addresses ?? [];
      if (refusal !== undefined) done(refusal, []);
      else if (options.all || first === undefined) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };

  #findRefusal(hostname: string, addresses: readonly LookupAddress[]): VendorRedirectError | undefined {
    const found = addresses.map(({ address }) => address);
    if (hostname !== this.#baseHost) return this.#toRefusal(hostname, found, "download");
    this.#baseIsPrivate ||= found.some(isPrivateAddress);
    return undefined;
  }

  #toRefusal(host: string, addresses: readonly string[], subject: string): VendorRedirectError | undefined {
    if (this.#allowPrivateHosts || this.#baseIsPrivate || !addresses.some(isPrivateAddress)) return undefined;
    return new VendorRedirectError(subject, `${host} is in a private network`, {
      hint: "if that is right, allow it with --allow-private-hosts",
    });
  }
}

/** Everything that is not the public Internet. See the IANA special-purpose address registries. */
const PRIVATE = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const) {
  PRIVATE.addSubnet(network, prefix, "ipv4");
  // A NAT64 gateway makes an IPv4 connection of it, out of its own network (RFC 6052 section 2.1).
  PRIVATE.addSubnet(`64:ff9b::${network}`, 96 + prefix, "ipv6");
}
for (const [network, prefix] of [
  ["::", 96],
  ["64:ff9b:1::", 48],
  ["2001::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 9],
  ["ff00::", 8],
] as const) {
  PRIVATE.addSubnet(network, prefix, "ipv6");
}

/** Tells whether an IP address is none of the public Internet; what is no address is not private. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  return PRIVATE.check(address, family === 4 ? "ipv4" : "ipv6");
}

/** An IPv6 address stands in brackets in a URL only. */
function toHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}
