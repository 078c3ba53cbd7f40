import { createHash, randomBytes } from "node:crypto";
import { Integer, OctetString } from "asn1js";
import { AlgorithmIdentifier, MessageImprint, TimeStampReq } from "pkijs";
import { SHA256 } from "./object-identifiers.ts";

/** A request for a time stamp, and what its answer is held against. */
export interface TimestampRequest {
  readonly der: Buffer;
  readonly nonce: bigint;
  /** The SHA-256 of the data: all that the authority learns of them. */
  readonly digest: Buffer;
}

/**
 * Makes a request for a time stamp over `data`, with a random nonce of 64 bits, that asks for the certificate to be in
 * the answer.
 *
 * @see RFC 3161 section 2.4.1
 */
export function makeTimestampRequest(data: Uint8Array): TimestampRequest {
  const digest = createHash("sha256").update(data).digest();
  const nonce = randomBytes(8).readBigUInt64BE();
  const request = new TimeStampReq({
    version: 1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithmId: SHA256 }),
      hashedMessage: new OctetString({ valueHex: digest }),
    }),
    nonce: Integer.fromBigInt(nonce),
    certReq: true,
  });
  return { der: Buffer.from(request.toSchema().toBER()), nonce, digest };
}
