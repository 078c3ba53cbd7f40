import { createHash } from "node:crypto";
import { toIsoInstant } from "../core/clock.ts";
import { type Certificate, findTsaProblem } from "./certificate.ts";
import { findChain } from "./certificate-chain.ts";
import { type DecodedToken, decodeResponse } from "./decode-response.ts";
import { SHA256 } from "./object-identifiers.ts";
import { isSigningCertificate } from "./signing-certificate.ts";
import { findSignatureProblem } from "./stamp-signature.ts";
import type { TrustedCertificates } from "./trusted-certificates.ts";

/** A time stamp that fits what it was held against. */
export interface VerifiedTimestamp {
  /** When the authority says that the data were there. */
  readonly timeMs: number;
  /** The authority's number for it, in hex digits. */
  readonly serial: string;
  /** The object identifier of the authority's policy. */
  readonly policy: string;
  /** The subject of the certificate that signed. Unless the chain is verified, anybody can have put any name there. */
  readonly tsa: string;
  readonly chain: "verified" | "not-checked";
  /** What a reader must know beside it, a sentence each. */
  readonly remarks: readonly string[];
}

/** What a time stamp is held against, apart from the data. */
export interface TimestampGrounds {
  /** Where the chain of certificates must end; without them it is not checked, and whoever reports must say so. */
  readonly trusted: TrustedCertificates | undefined;
  /** For the remark that a certificate has expired since. */
  readonly nowMs: number;
  /** What the request said. @default not compared: it is not kept with the time stamp */
  readonly nonce?: bigint | undefined;
}

/** Longest answer that is looked at; real ones have 3 to 8 KiB. */
export const MAX_RESPONSE_BYTES = 64 * 1024;

/**
 * Verifies that an authority's answer is a time stamp over `data`: granted, its SHA-256, and signed with the key of a
 * certificate that is in it, is meant for time stamping and was valid then.
 *
 * Validity is judged at the stamped time, as a time stamp outlives its certificate; one that has expired since is told
 * in the remarks. (`openssl ts -verify` judges at the present unless it is given `-attime`.) Revocation is not checked.
 *
 * @returns the problem when it is not; never throws, whatever the bytes.
 * @see RFC 3161 sections 2.3 and 2.4.2
 */
export function verifyTimestamp(
  response: Uint8Array,
  data: Uint8Array,
  grounds: TimestampGrounds,
): VerifiedTimestamp | { readonly problem: string } {
  if (response.length > MAX_RESPONSE_BYTES) return { problem: `it is longer than ${MAX_RESPONSE_BYTES} bytes` };
  const decoded = decodeResponse(response);
  if ("problem" in decoded) return decoded;
  const { status, token } = decoded;
  if (status > 1 || token === undefined) return { problem: "it says that no time stamp was granted" };
  const problem = findContentProblem(token, data, grounds.nonce);
  return problem === undefined ? judgeSigner(token, grounds) : { problem };
}

function findContentProblem({ facts }: DecodedToken, data: Uint8Array, nonce: bigint | undefined): string | undefined {
  const { algorithmId, digest } = facts.imprint;
  if (algorithmId !== SHA256) return "it is not over a sha256";
  if (!createHash("sha256").update(data).digest().equals(digest)) return "it is over other data";
  return nonce === undefined || facts.nonce === nonce ? undefined : "it answers another request";
}

function judgeSigner(token: DecodedToken, grounds: TimestampGrounds): ReturnType<typeof verifyTimestamp> {
  const { signer, signature, facts } = token;
  if (signer === undefined) return { problem: "the certificate of its signer is not in it" };
  if (!isSigningCertificate(signature, signer)) return { problem: `it is not signed for ${signer.name}` };
  const problem = findSignatureProblem(token, signer) ?? findTsaProblem(signer);
  if (problem !== undefined) return { problem };
  const chain = findChain(signer, {
    others: token.certificates,
    trusted: grounds.trusted ?? [signer],
    timeMs: facts.timeMs,
  });
  if ("problem" in chain) return chain;
  const { timeMs, serial, policy } = facts;
  return {
    timeMs,
    serial,
    policy,
    tsa: signer.name,
    chain: grounds.trusted === undefined ? "not-checked" : "verified",
    remarks: chain.path.flatMap((certificate) => toRemarks(certificate, grounds.nowMs)),
  };
}

function toRemarks({ name, notAfterMs }: Certificate, nowMs: number): readonly string[] {
  if (notAfterMs >= nowMs) return [];
  return [`the certificate of ${name} was valid when the time was stamped and expired on ${toIsoInstant(notAfterMs)}`];
}
