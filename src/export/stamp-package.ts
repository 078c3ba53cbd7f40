import { TIME_STAMP_NAME } from "../packaging/package-layout.ts";
import type { PackageDescriptor } from "../packaging/schema.ts";
import {
  parseAuthorityAddress,
  type RequestTimestampOptions,
  requestTimestamp,
  type TimestampToken,
} from "../timestamp/request-timestamp.ts";

/**
 * Says, for the descriptor, who will stamp the time on the package: the host alone, as an address may hold a password.
 *
 * @throws {TimestampFailedError} it is no address of http or https.
 */
export function toTimeStampStatement(url: string): NonNullable<PackageDescriptor["timeStamp"]> {
  return { file: TIME_STAMP_NAME, authority: parseAuthorityAddress(url).host };
}

/**
 * Has a time stamping authority stamp the tag manifest, and through it all of the package. What comes back is checked before
 * it is given out: granted, over these bytes, for this request (nonce), and signed by a certificate for time stamping that was
 * valid then. Where trusted certificates are given, its chain leads to one of them; else `chain` is `not-checked`, and whoever
 * reports says so.
 *
 * `response` is what goes into the package: `openssl ts -verify -data MANIFEST -in FILE -CAfile ROOT` accepts it.
 *
 * @throws {TimestampFailedError} the authority could not be reached or did not grant one.
 * @throws {TimestampInvalidError} what came back is no time stamp of these bytes and this request.
 */
export function requestPackageStamp(
  url: string,
  manifest: Uint8Array,
  options: RequestTimestampOptions,
): Promise<TimestampToken> {
  return requestTimestamp(url, manifest, options);
}
