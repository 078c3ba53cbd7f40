import { VendorRedirectError, VendorResponseError } from "../errors.ts";

/**
 * Decides where a redirect leads. Errors name the scheme or the origin of the target, never its query: that is
 * what signs a temporary address.
 *
 * @param from - The address that answered; a relative `location` starts from it.
 * @throws {VendorResponseError} there is no `location` or it is no address.
 * @throws {VendorRedirectError} it is not http or https, leaves https for http, or holds a user name or password.
 */
export function toRedirectTarget(location: string | undefined, from: URL, subject: string): URL {
  if (location === undefined || !URL.canParse(location, from.href)) {
    throw new VendorResponseError(subject, "a redirect without a usable address");
  }
  const target = new URL(location, from.href);
  if (target.protocol !== "https:" && target.protocol !== "http:") {
    throw new VendorRedirectError(subject, `the scheme ${target.protocol.slice(0, -1)} is neither http nor https`);
  }
  if (from.protocol === "https:" && target.protocol === "http:") {
    throw new VendorRedirectError(subject, `${target.origin} is not https`);
  }
  if (target.username !== "" || target.password !== "") {
    throw new VendorRedirectError(subject, `the address at ${target.origin} holds credentials`);
  }
  return target;
}
