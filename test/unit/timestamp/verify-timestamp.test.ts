import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DecodedToken, decodeResponse } from "../../../src/timestamp/decode-response.ts";
import { isSigningCertificate } from "../../../src/timestamp/signing-certificate.ts";
import { makeTimestampRequest } from "../../../src/timestamp/timestamp-request.ts";
import { parseTrustedCertificates, type TrustedCertificates } from "../../../src/timestamp/trusted-certificates.ts";
import { verifyTimestamp } from "../../../src/timestamp/verify-timestamp.ts";
import {
  EC_KEY,
  issueTinyTsa,
  makeTinyPki,
  NO_OPENSSL,
  RSA_KEY,
  replyToQuery,
  signMessage,
  TIME_STAMPING,
  type TinyPki,
} from "../../helpers/tiny-tsa.ts";

const DATA = Buffer.from("the tag manifest");
/** Behind the making of the reply, and before its certificates end. */
const SOON = Date.UTC(2043, 0, 1);

describe.skipIf(NO_OPENSSL !== "")(`a time stamp that was kept${NO_OPENSSL}`, () => {
  let pki: TinyPki;
  let trusted: TrustedCertificates;
  let kept: Buffer;

  beforeAll(async () => {
    pki = await makeTinyPki(await mkdtemp(join(tmpdir(), "holdfast-test-")));
    trusted = parseTrustedCertificates(await issueTinyTsa(pki), "root.pem");
    kept = await replyToQuery(pki, makeTimestampRequest(DATA).der);
  });
  afterAll(() => rm(pki.folder, { recursive: true, force: true }));

  const verify = (response: Uint8Array, data: Uint8Array = DATA) =>
    verifyTimestamp(response, data, { trusted, nowMs: SOON });
  const decode = (): DecodedToken => {
    const decoded = decodeResponse(kept);
    if ("problem" in decoded || decoded.token === undefined) throw new Error("no token");
    return decoded.token;
  };

  test("stands for its data and for no other", () => {
    expect(verify(kept)).toMatchObject({ chain: "verified", tsa: "CN=tsa", remarks: [] });
    expect(verify(kept, Buffer.from("another manifest"))).toEqual({ problem: "it is over other data" });
  });

  test("says that the chain is not checked when nothing is trusted", () => {
    expect(verifyTimestamp(kept, DATA, { trusted: undefined, nowMs: SOON })).toMatchObject({ chain: "not-checked" });
  });

  test("outlives its certificate, and says so", () => {
    const verdict = verifyTimestamp(kept, DATA, { trusted, nowMs: Date.UTC(2050, 0, 1) });
    const words = "was valid when the time was stamped and expired on 2044-01-01T00:00:00.000Z";
    const remarks = [`the certificate of CN=tsa ${words}`, `the certificate of CN=root ${words}`];
    expect(verdict).toMatchObject({ chain: "verified", remarks });
  });

  test("is taken with an RSA key and the older form of the signing certificate", async () => {
    const other = await makeTinyPki(await mkdtemp(join(pki.folder, "rsa-")), { certificateDigest: "sha1" });
    const roots = parseTrustedCertificates(await issueTinyTsa(other, { key: RSA_KEY }), "root.pem");
    const reply = await replyToQuery(other, makeTimestampRequest(DATA).der);
    expect(verifyTimestamp(reply, DATA, { trusted: roots, nowMs: SOON })).toMatchObject({ chain: "verified" });
    expect(verify(reply)).toEqual({ problem: "CN=tsa leads to none of the trusted certificates" });
  });

  test("names its certificate: another one for the same name is not taken for it", async () => {
    const [other] = parseTrustedCertificates(await pki.issue({ name: "other", extensions: [] }), "other.pem");
    const { signature, signer } = decode();
    expect(signer !== undefined && isSigningCertificate(signature, signer)).toBe(true);
    expect(other !== undefined && isSigningCertificate(signature, other)).toBe(false);
    expect(signer !== undefined && isSigningCertificate({ ...signature, attributes: [] }, signer)).toBe(false);
  });

  test.each<[string, readonly string[], readonly string[], string | undefined]>([
    ["RSA-PSS", RSA_KEY, ["-cades", "-keyopt", "rsa_padding_mode:pss"], undefined],
    ["a bare rsaEncryption", RSA_KEY, ["-cades"], undefined],
    ["SHA-384", EC_KEY, ["-cades", "-md", "sha384"], undefined],
    ["SHA-1", EC_KEY, ["-cades", "-md", "sha1"], "its digest is of an algorithm that is weak or unknown"],
    ["no name of the certificate", EC_KEY, [], "it is not signed for CN=signer"],
  ])("is taken only with a sound signature: %s", async (_, key, args, problem) => {
    await pki.issue({ name: "signer", issuer: "root", extensions: TIME_STAMPING, key });
    const verdict = verify(toResponse(await signMessage(pki, decode().content, { signer: "signer", args })));
    if (problem === undefined) expect(verdict).toMatchObject({ chain: "verified", tsa: "CN=signer" });
    else expect(verdict).toEqual({ problem });
  });

  test("is not taken from a message that is said to be something else", async () => {
    const token = await signMessage(pki, decode().content, { signer: "tsa", args: ["-cades"], type: "1.2.3" });
    expect(verify(toResponse(token))).toEqual({
      problem: "it is not of the form of a time stamp (no time stamp in the token)",
    });
  });

  test("is not taken from a certificate for other things", async () => {
    await pki.issue({ name: "plain", issuer: "root", extensions: ["keyUsage=digitalSignature"] });
    const token = await signMessage(pki, decode().content, { signer: "plain", args: ["-cades"] });
    expect(verify(toResponse(token))).toEqual({ problem: "CN=plain is not for time stamping" });
  });

  test("is refused with any change to what is signed", () => {
    const { content, signature, signer } = decode();
    const parts = [content, signature.signedBytes.subarray(1), signature.value, signer?.der ?? Buffer.alloc(0)];
    const places = parts.flatMap((part) => {
      const start = kept.indexOf(part);
      expect(start).toBeGreaterThan(0);
      return Array.from({ length: Math.ceil(part.length / 7) }, (_, index) => start + index * 7);
    });
    const accepted = places.filter((place) => !("problem" in verify(change(kept, place, 0x01))));
    expect(accepted).toEqual([]);
  });

  test("never makes the reader throw, and what is still accepted says the same", () => {
    const whole = verify(kept);
    const place = fc.nat({ max: kept.length - 1 });
    const cut = fc.tuple(place, place, fc.uint8Array({ maxLength: 9 })).map(([from, length, filling]) => {
      return Buffer.concat([kept.subarray(0, from), filling, kept.subarray(from + length)]);
    });
    const changed = fc.tuple(place, fc.integer({ min: 1, max: 255 })).map(([at, mask]) => change(kept, at, mask));
    fc.assert(
      fc.property(fc.oneof(cut, changed, fc.uint8Array({ maxLength: 99 })), (response) => {
        const verdict = verify(response);
        if (!("problem" in verdict)) expect(verdict).toEqual(whole);
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    ["bytes behind the end", () => Buffer.concat([kept, Buffer.from([0])])],
    ["a length that does not fit", () => change(kept, 3, 0x80)],
    ["too many bytes", () => Buffer.alloc(65_537)],
    ["deep nesting", () => Buffer.alloc(65_536, Buffer.from([0x30, 0x80]))],
  ])("is refused with %s", (_, make) => {
    expect(verify(make())).toHaveProperty("problem");
  });
});

test.each([
  ["nothing", ""],
  ["a key", "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n"],
  ["no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"],
])("%s in a file of trusted certificates is told", (_, pem) => {
  expect(() => parseTrustedCertificates(pem, "ca.pem")).toThrow(
    expect.objectContaining({ code: "TIMESTAMP_TRUST_INVALID", message: expect.stringContaining("ca.pem") }),
  );
});

/** Puts `granted` before a token. */
function toResponse(token: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from("3003020100", "hex"), token]);
  const head = Buffer.from([0x30, 0x82, 0, 0]);
  head.writeUInt16BE(body.length, 2);
  return Buffer.concat([head, body]);
}

function change(bytes: Buffer, place: number, mask: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[place] = (changed[place] ?? 0) ^ mask;
  return changed;
}
